internal import ChatProtocol

/// The PING in progress on a framed connection.
struct Ping: Sendable {
    var number = 0
    var sentAt: Timestamp?
    /// Whether a timer waits for the server to send something, for at most 90 s.
    var isWatched = false
}

extension Session {
    /// The longest content of a PING that we send back, in bytes.
    private static var pongBytes: Int { 1024 }

    mutating func sendPing() {
        guard isFramed else { return }
        emit(.setTimer(.ping, milliseconds: Timing.ping))
        ping.number += 1
        ping.sentAt = now
        emit(.send(.ping(String(ping.number))))
        if !ping.isWatched {
            ping.isWatched = true
            emit(.setTimer(.pong, milliseconds: Limits.pingAnswerMilliseconds))
        }
    }

    /// Notes that the server is alive, because it has sent something.
    mutating func heard() {
        guard ping.isWatched else { return }
        ping.isWatched = false
        emit(.cancelTimer(.pong))
    }

    mutating func receivedPong(_ content: String) {
        guard var online, let sentAt = ping.sentAt, content == String(ping.number) else { return }
        ping.sentAt = nil
        let (elapsed, overflow) = now.unixMilliseconds.subtractingReportingOverflow(sentAt.unixMilliseconds)
        // The machine's clock may have been set in between.
        guard !overflow, 0...Int64(Limits.pingAnswerMilliseconds) ~= elapsed else { return }
        online.roundTripMilliseconds = Int(elapsed)
        phase = .online(online)
        updateOnlineStatus()
    }

    mutating func answer(_ content: String) {
        // An original server sends no PING, so somebody else wrote it.
        guard isFramed, content.utf8.count <= Self.pongBytes else { return }
        emit(.send(.pong(content)))
    }

    mutating func serverWentSilent() {
        guard ping.isWatched else { return }
        giveUp("The server has not answered for \(Limits.pingAnswerMilliseconds / 1000) s.")
    }

    mutating func updateOnlineStatus() {
        guard let online else { return }
        update(
            .status(
                .online(
                    online.channel,
                    framing: online.framing,
                    roundTripMilliseconds: online.roundTripMilliseconds
                )
            )
        )
    }
}
