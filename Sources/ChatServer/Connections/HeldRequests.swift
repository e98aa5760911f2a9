internal import DequeModule

/// Unframed requests that were read during a pause and wait for its end.
///
/// They are read although nobody wants them yet: if they stayed in the socket, several of them would arrive as one.
struct HeldRequests: Sendable {
    private var requests: Deque<(incoming: RequestStream.Incoming, bytes: Int)> = []
    /// Roughly how much memory they take, in bytes.
    private(set) var bytes = 0

    var isEmpty: Bool { requests.isEmpty }

    /// Adds the requests of one read.
    mutating func append(_ incoming: [RequestStream.Incoming], readBytes: Int) {
        guard !incoming.isEmpty else { return }
        let share = readBytes / incoming.count + MemoryLayout<RequestStream.Incoming>.stride
        for one in incoming { requests.append((one, share)) }
        bytes += share * incoming.count
    }

    /// Removes the oldest request.
    mutating func popFirst() -> RequestStream.Incoming? {
        guard let first = requests.popFirst() else { return nil }
        bytes -= first.bytes
        return first.incoming
    }
}
