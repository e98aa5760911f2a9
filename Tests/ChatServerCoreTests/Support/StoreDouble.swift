internal import ChatProtocol
internal import ChatServerCore

/// Plays the store of messages.
struct StoreDouble {
    /// When records are safe.
    var pace = Scene.Pace.immediate
    /// When the history is read.
    var reading = Scene.Pace.immediate
    /// Whether every record fails.
    var fails = false

    private(set) var stored: [HistoryRecord] = []
    private(set) var pending: [HistoryRecord] = []
    private var ids: Set<MessageID> = []
    private var lookUps: [RoomEvent] = []

    func holds(_ id: MessageID) -> Bool { ids.contains(id) }

    mutating func hold(_ earlier: [MessageID]) { ids.formUnion(earlier) }

    mutating func append(_ record: HistoryRecord) -> [RoomEvent] {
        pending.append(record)
        return pace == .immediate ? settle(1, fails: fails) : []
    }

    /// Stores the oldest records, or fails to.
    mutating func settle(_ count: Int, fails: Bool = false) -> [RoomEvent] {
        let count = min(count, pending.count)
        if !fails {
            stored += pending.prefix(count)
            ids.formUnion(pending.prefix(count).map(\.id))
        }
        pending.removeFirst(count)
        return [fails ? .storeFailed(count: count) : .stored(count: count)]
    }

    mutating func fetch(_ connection: ConnectionID, _ query: HistoryQuery, _ viewer: Identity) -> [RoomEvent] {
        let page = HistoryPage(of: stored, query) { $0.isVisible(to: viewer) }
        lookUps.append(.history(connection, page.records, more: page.more))
        return reading == .immediate ? finishLookUps() : []
    }

    /// Answers what was looked up.
    mutating func finishLookUps() -> [RoomEvent] {
        defer { lookUps = [] }
        return lookUps
    }
}

extension Scene {
    /// Stores the oldest records that wait, or fails to; all of them unless told.
    mutating func settle(_ count: Int? = nil, fails: Bool = false) {
        for event in store.settle(count ?? store.pending.count, fails: fails) { handle(event) }
    }

    /// Answers all that was looked up in the history.
    mutating func finishLookUps() {
        for event in store.finishLookUps() { handle(event) }
    }
}
