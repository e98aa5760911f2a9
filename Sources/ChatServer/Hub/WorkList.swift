/// The connections that need something done, each in the list for when.
struct WorkList {
    /// Those to look at at the end of this tick.
    private(set) var marked: [Connection] = []
    /// Those that go on after the loop has looked at all sockets again.
    private(set) var postponed: [Connection] = []
    /// Those whose peers say nothing more; they leave at the end of this tick,
    /// after their last requests are answered.
    var ended: [Connection] = []
    /// Those that are not read from until the store has caught up.
    var waitingForStore: [Connection] = []

    /// Adds a connection to those to look at, and says whether that is news.
    mutating func mark(_ connection: Connection) -> Bool {
        guard !connection.isMarked else { return false }
        connection.isMarked = true
        marked.append(connection)
        return true
    }

    /// Adds a connection to those that go on later, and says whether it is the first.
    mutating func postpone(_ connection: Connection) -> Bool {
        guard !connection.isPostponed else { return false }
        connection.isPostponed = true
        postponed.append(connection)
        return postponed.count == 1
    }

    /// Empties the list of those to look at.
    mutating func takeMarked() -> [Connection] {
        for connection in marked { connection.isMarked = false }
        return marked.take()
    }

    /// Empties the list of those that go on later.
    mutating func takePostponed() -> [Connection] {
        for connection in postponed { connection.isPostponed = false }
        return postponed.take()
    }
}

extension [Connection] {
    /// Empties a list.
    ///
    /// - Returns: What was in it.
    mutating func take() -> [Connection] {
        defer { self = [] }
        return self
    }
}
