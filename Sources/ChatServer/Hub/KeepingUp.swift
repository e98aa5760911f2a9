internal import NIOCore

/// The framed connections that have everything there is: one piece of the log is
/// all that a tick means to them.
///
/// They stand at the same position, so nothing about them is looked at but the
/// number of their socket. With a thousand connections that is most of what the
/// server itself spends on a delivery: a connection's own state would come from
/// main memory each time.
struct KeepingUp {
    private(set) var members: [Connection] = []
    private var sockets: [NIOBSDSocket.Handle] = []

    /// Adds a connection that has everything and an idle socket.
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

    /// Writes to all.
    ///
    /// - Returns: Those whose socket did not take everything, and how much it took.
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
