/// The connections that need something done, listed by when.
struct WorkList {
    /// Connections to look at at the end of this tick.
    private(set) var marked: [Connection] = []
    /// Connections that continue after the loop has looked at all sockets again.
    private(set) var postponed: [Connection] = []
    /// Connections whose peers will send nothing more.
    ///
    /// They leave at the end of this tick, after their last requests are answered.
    var ended: [Connection] = []
    /// Connections that are not read from until the store has caught up.
    var waitingForStore: [Connection] = []

    /// Marks a connection.
    ///
    /// - Returns: Whether it was not marked before.
    mutating func mark(_ connection: Connection) -> Bool {
        guard !connection.isMarked else { return false }
        connection.isMarked = true
        marked.append(connection)
        return true
    }

    /// Postpones a connection.
    ///
    /// - Returns: Whether it is the first one.
    mutating func postpone(_ connection: Connection) -> Bool {
        guard !connection.isPostponed else { return false }
        connection.isPostponed = true
        postponed.append(connection)
        return postponed.count == 1
    }

    /// Removes and returns the marked connections.
    mutating func takeMarked() -> [Connection] {
        for connection in marked { connection.isMarked = false }
        return marked.take()
    }

    /// Removes and returns the postponed connections.
    mutating func takePostponed() -> [Connection] {
        for connection in postponed { connection.isPostponed = false }
        return postponed.take()
    }
}

extension [Connection] {
    /// Empties a list.
    ///
    /// - Returns: The connections that were in it.
    mutating func take() -> [Connection] {
        defer { self = [] }
        return self
    }
}
