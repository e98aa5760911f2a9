/// The connections that need something done, each in the list for when.
struct WorkList {
    /// At the end of this tick.
    private var marked: [Connection] = []
    /// After the loop has looked at all sockets again.
    private var postponed: [Connection] = []
    /// At the end of this tick, when what they asked for in it is done: they said
    /// their last word.
    private var ended: [Connection] = []
    /// Once the store has caught up: until then nothing is read from them.
    private var waitingForStore: [Connection] = []

    /// Has a connection looked at at the end of the tick.
    ///
    /// - Returns: Whether that is news.
    mutating func mark(_ connection: Connection) -> Bool {
        guard !connection.isMarked else { return false }
        connection.isMarked = true
        marked.append(connection)
        return true
    }

    /// Has a connection go on after the loop has looked at the sockets again.
    ///
    /// - Returns: Whether it is the first one, so that somebody has to come back.
    mutating func postpone(_ connection: Connection) -> Bool {
        guard !connection.isPostponed else { return false }
        connection.isPostponed = true
        postponed.append(connection)
        return postponed.count == 1
    }

    /// Has a connection that has said its last word let go.
    mutating func end(_ connection: Connection) {
        ended.append(connection)
    }

    /// Has a connection wait for the store.
    mutating func waitForStore(_ connection: Connection) {
        waitingForStore.append(connection)
    }

    /// Takes out those to look at at the end of the tick.
    mutating func takeMarked() -> [Connection] {
        for connection in marked { connection.isMarked = false }
        return Self.take(&marked)
    }

    /// Takes out those that go on now.
    mutating func takePostponed() -> [Connection] {
        for connection in postponed { connection.isPostponed = false }
        return Self.take(&postponed)
    }

    /// Takes out those that have said their last word.
    mutating func takeEnded() -> [Connection] {
        Self.take(&ended)
    }

    /// Takes out those that wait for the store.
    mutating func takeWaitingForStore() -> [Connection] {
        Self.take(&waitingForStore)
    }

    private static func take(_ list: inout [Connection]) -> [Connection] {
        guard !list.isEmpty else { return [] }
        defer { list = [] }
        return list
    }
}
