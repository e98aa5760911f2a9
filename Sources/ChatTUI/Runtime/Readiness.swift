internal import Glibc

/// Why a wait ended.
struct Readiness: Hashable, Sendable {
    /// The terminal has input, or it is gone.
    var hasInput = false
    /// The inbox has entries.
    var isWoken = false
}

/// How the program loop sleeps.
protocol Waiting {
    /// Sleeps until something is readable or the time is over.
    ///
    /// - Parameters:
    ///   - input: The terminal's descriptor.
    ///   - pipe: The descriptor of the inbox.
    ///   - milliseconds: The longest wait; nil for no limit.
    mutating func wait(input: Int32, pipe: Int32, milliseconds: Int?) -> Readiness
}

/// Sleeps in poll(2).
struct PollWaiting: Waiting {
    func wait(input: Int32, pipe: Int32, milliseconds: Int?) -> Readiness {
        var descriptors = [
            pollfd(fd: input, events: Int16(POLLIN), revents: 0), pollfd(fd: pipe, events: Int16(POLLIN), revents: 0),
        ]
        // A signal ends the wait early; its byte is in the pipe, and the loop waits again and finds it.
        guard poll(&descriptors, 2, milliseconds.map { Int32(clamping: $0) } ?? -1) > 0 else { return Readiness() }
        return Readiness(hasInput: descriptors[0].revents != 0, isWoken: descriptors[1].revents != 0)
    }
}
