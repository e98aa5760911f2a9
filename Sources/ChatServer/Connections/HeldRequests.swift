internal import DequeModule

/// Unframed requests that were read and wait for the end of a pause.
///
/// They are read although nobody wants them yet: left in the socket, several of
/// them would come out of it as one.
struct HeldRequests: Sendable {
    private var requests: Deque<(incoming: RequestStream.Incoming, bytes: Int)> = []
    /// About how much memory they take.
    private(set) var bytes = 0

    var isEmpty: Bool { requests.isEmpty }

    /// Adds what one read brought.
    mutating func append(_ incoming: [RequestStream.Incoming], readBytes: Int) {
        guard !incoming.isEmpty else { return }
        let share = readBytes / incoming.count + MemoryLayout<RequestStream.Incoming>.stride
        for one in incoming { requests.append((one, share)) }
        bytes += share * incoming.count
    }

    /// Takes the oldest out.
    mutating func popFirst() -> RequestStream.Incoming? {
        guard let first = requests.popFirst() else { return nil }
        bytes -= first.bytes
        return first.incoming
    }
}
