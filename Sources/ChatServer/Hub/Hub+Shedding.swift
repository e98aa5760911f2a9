internal import ChatProtocol
internal import ChatServerCore
internal import Logging

/// How much waits for all connections together, and who has to go when it is too much.
///
/// The bound for each connection alone allows many of them, together, more
/// than a machine has.
extension Hub {
    /// Brings the sum up to date after something of a connection's own was added or has gone.
    func countBytes(of connection: Connection) {
        guard connection.loss == nil else { return }
        let bytes = ownBytes(of: connection)
        ownOutputBytes += bytes - connection.accountedBytes
        connection.accountedBytes = bytes
    }

    /// Takes a connection that is gone out of the sum.
    func forgetBytes(of connection: Connection) {
        ownOutputBytes -= connection.accountedBytes
        connection.accountedBytes = 0
    }

    /// Closes those for whom most waits where it is too much for all together.
    func shed() {
        guard ownOutputBytes + log.keptBytes > limits.totalOutputBytes else { return }
        // Queues of original clients shrink by the clock, without a word to the hub.
        for connection in unframed { countBytes(of: connection) }
        var excess = ownOutputBytes + log.keptBytes - limits.totalOutputBytes
        guard excess > 0 else { return }
        let largest = connections.values
            .filter { $0.loss == nil }
            .map { (connection: $0, bytes: $0.accountedBytes + bytesBehind($0)) }
            .filter { $0.bytes > 0 }
            .sorted { ($0.bytes, $0.connection.id) > ($1.bytes, $1.connection.id) }
        for (connection, bytes) in largest {
            guard excess > 0 else { return }
            logger.warning(
                "too much waits for all connections together",
                metadata: ["connection": "\(connection.id.number)", "bytes": "\(bytes)"]
            )
            excess -= bytes
            lose(connection, .tooSlow)
        }
    }

    private func ownBytes(of connection: Connection) -> Int {
        connection.output.insertedBytes + connection.ownBytesInFlight + (connection.handler?.queuedBytes ?? 0)
    }

    /// How much of the log is kept for a connection.
    private func bytesBehind(_ connection: Connection) -> Int {
        guard case .straggling = connection.place else { return 0 }
        return max(0, connection.output.waitingBytes(in: log) - connection.output.insertedBytes)
    }
}
