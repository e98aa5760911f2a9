internal import ChatProtocol
internal import ChatServerCore

/// Plays the store of bans.
struct BansDouble {
    /// When changes are made.
    var pace = Scene.Pace.immediate
    /// Whether every change fails.
    var fails = false

    private(set) var all: [Ban] = []
    private var changes: [BanChange] = []

    mutating func change(_ change: BanChange) -> [RoomEvent] {
        changes.append(change)
        return pace == .immediate ? finish() : []
    }

    /// Makes the changes that wait.
    mutating func finish() -> [RoomEvent] {
        let due = changes
        changes = []
        for change in due where !fails {
            let gone = Set(change.removed + (change.added.map { [$0.nickname.key] } ?? []))
            all.removeAll { gone.contains($0.nickname.key) }
            if let added = change.added { all.append(added) }
        }
        return due.map { _ in .bansStored(!fails) }
    }
}
