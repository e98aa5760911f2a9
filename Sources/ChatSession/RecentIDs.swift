internal import ChatProtocol
internal import DequeModule

/// The message numbers seen recently, as many as a replay could repeat.
struct RecentIDs: Sendable {
    static let capacity = 4096

    private var order: Deque<MessageID> = []
    private var members: Set<MessageID> = []
    /// The highest number that was forgotten; this and lower numbers may have been seen.
    private(set) var floor: MessageID?

    func contains(_ id: MessageID) -> Bool {
        members.contains(id)
    }

    mutating func insert(_ id: MessageID) {
        guard members.insert(id).inserted else { return }
        order.append(id)
        guard order.count > Self.capacity, let oldest = order.popFirst() else { return }
        members.remove(oldest)
        floor = max(floor ?? oldest, oldest)
    }
}
