internal import NIOCore

/// The framed connections that have everything: each tick they all need the same one piece of the log.
///
/// They share one position, so all the server needs of each is the number of its socket. With a thousand connections
/// this saves most of the server's own work on a delivery: a connection's own state would have to come from main memory
/// each time.
struct KeepingUp {
    private(set) var members: [Connection] = []
    private var sockets: [NIOBSDSocket.Handle] = []

    /// Adds a connection that has everything and whose socket is idle.
    mutating func insert(_ connection: Connection, _ socket: NIOBSDSocket.Handle) {
        connection.place = .keepingUp(members.count)
        members.append(connection)
        sockets.append(socket)
    }

    /// Removes the connection at an index.
    mutating func remove(at index: Int) {
        members.swapAt(index, members.count - 1)
        sockets.swapAt(index, sockets.count - 1)
        members.removeLast().place = .nowhere
        sockets.removeLast()
        if index < members.count { members[index].place = .keepingUp(index) }
    }

    /// Writes to all connections.
    ///
    /// - Returns: The connections whose socket did not take everything, and how much each took.
    func send(_ piece: ByteBuffer) -> [(connection: Connection, count: Int)] {
        var short: [(connection: Connection, count: Int)] = []
        piece.withUnsafeReadableBytes { bytes in
            for index in sockets.indices {
                let count = DirectSend.send(bytes, to: sockets[index])
                if count < bytes.count { short.append((members[index], count)) }
            }
        }
        return short
    }
}
