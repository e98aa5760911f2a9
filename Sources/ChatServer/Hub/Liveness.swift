internal import ChatProtocol
internal import ChatServerCore
internal import NIOCore

/// When one connection last gave a sign of life, and which questions it has to answer.
struct Liveness {
    /// What to do about a connection.
    enum Verdict: Hashable {
        /// Nothing.
        case keep
        /// Ask whether the peer is still there.
        case ask
        /// Close it after its waiting output is sent.
        case dismiss
        /// Cut it.
        case lose(LossReason)
    }

    /// When the connection was accepted.
    private let opened: NIODeadline
    /// When the peer last sent something.
    private var lastHeard: NIODeadline
    /// When the peer was asked whether it is still there.
    var pinged: NIODeadline?
    /// When the peer was asked because somebody else wants its nickname.
    var probed: NIODeadline?
    /// Since when its socket has taken nothing more.
    var stuckSince: NIODeadline?
    /// When the peer ended its side.
    var endedAt: NIODeadline?

    init(at now: NIODeadline) {
        opened = now
        lastHeard = now
    }

    /// Records that the peer sent something.
    mutating func hear(at now: NIODeadline) {
        lastHeard = now
        pinged = nil
        probed = nil
    }

    /// Judges a connection that is open.
    ///
    /// - Parameter isHeard: Whether it is read from: a peer that is not read from can't answer.
    func verdict(at now: NIODeadline, framing: Framing?, isHeard: Bool, _ limits: ServerLimits) -> Verdict {
        // It has closed its side, but requests above its rate still wait: don't wait longer for them.
        if let endedAt, now - endedAt > limits.stuck { return .dismiss }
        if let stuckSince, now - stuckSince > limits.stuck { return .lose(.tooSlow) }
        switch framing {
        case .netstring:
            guard let pinged else { return now - lastHeard > limits.silence ? .ask : .keep }
            return now - pinged > limits.pingAnswer && isHeard ? .lose(.silent) : .keep
        case .none?:
            // The original knows no PING, so TCP's keepalive finds its dead connections.
            return .keep
        case nil:
            let isLate = now - lastHeard > limits.login || now - opened > limits.loginInAll
            return isLate ? .lose(.silent) : .keep
        }
    }

    /// Judges a connection that is leaving.
    ///
    /// If its peer does not read, it would keep its place, and the log from there on.
    func verdict(at now: NIODeadline, leavingSince start: NIODeadline, _ limits: ServerLimits) -> Verdict {
        let isStuck = stuckSince.map { now - $0 > limits.stuck } ?? false
        return isStuck || now - start > limits.stuck + limits.stuck ? .lose(.tooSlow) : .keep
    }
}
