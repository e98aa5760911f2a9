internal import Glibc

/// What a wait ended with.
struct Readiness: Hashable, Sendable {
    /// The terminal has input, or is gone.
    var hasInput = false
    /// The inbox has something.
    var isWoken = false
}

/// What the program loop sleeps in.
protocol Waiting {
    /// Sleeps until something is readable or the time is over.
    ///
    /// - Parameters:
    ///   - input: The terminal's descriptor.
    ///   - pipe: The descriptor of the inbox.
    ///   - milliseconds: How long at most; nil for as long as it takes.
    mutating func wait(input: Int32, pipe: Int32, milliseconds: Int?) -> Readiness
}

/// Sleeps in poll(2).
struct PollWaiting: Waiting {
    func wait(input: Int32, pipe: Int32, milliseconds: Int?) -> Readiness {
        var descriptors = [
            pollfd(fd: input, events: Int16(POLLIN), revents: 0), pollfd(fd: pipe, events: Int16(POLLIN), revents: 0),
        ]
        // A signal ends it early; its byte is in the pipe, and the loop comes back.
        guard poll(&descriptors, 2, milliseconds.map { Int32(clamping: $0) } ?? -1) > 0 else { return Readiness() }
        return Readiness(hasInput: descriptors[0].revents != 0, isWoken: descriptors[1].revents != 0)
    }
}
