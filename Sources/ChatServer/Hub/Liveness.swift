internal import ChatProtocol
internal import ChatServerCore
internal import NIOCore

/// When one connection last gave a sign of life, and what it owes an answer to.
struct Liveness {
    /// What to do about a connection.
    enum Verdict: Hashable {
        /// Nothing.
        case keep
        /// Ask whether it is still there.
        case ask
        /// Let it go with what waits for it.
        case dismiss
        /// Cut it.
        case lose(LossReason)
    }

    /// When the connection was accepted.
    private let opened: NIODeadline
    /// When the peer last said something.
    private var lastHeard: NIODeadline
    /// When it was asked whether it is still there.
    var pinged: NIODeadline?
    /// When it was asked because somebody else wants its nickname.
    var probed: NIODeadline?
    /// Since when nothing more fits into its socket.
    var stuckSince: NIODeadline?
    /// When its peer said that nothing more will come.
    var endedAt: NIODeadline?

    init(at now: NIODeadline) {
        opened = now
        lastHeard = now
    }

    /// Notes that the peer said something.
    mutating func hear(at now: NIODeadline) {
        lastHeard = now
        pinged = nil
        probed = nil
    }

    /// Judges a connection that is open.
    ///
    /// - Parameter isHeard: Whether anything is read from it: who is not listened
    ///   to can't answer.
    func verdict(at now: NIODeadline, framing: Framing?, isHeard: Bool, _ limits: ServerLimits) -> Verdict {
        // It said more than it may, and did not stay to wait for it.
        if let endedAt, now - endedAt > limits.stuck { return .dismiss }
        if let stuckSince, now - stuckSince > limits.stuck { return .lose(.tooSlow) }
        switch framing {
        case .netstring:
            guard let pinged else { return now - lastHeard > limits.silence ? .ask : .keep }
            return now - pinged > limits.pingAnswer && isHeard ? .lose(.silent) : .keep
        case .none?:
            // The original knows no PING: TCP's keepalive finds the dead ones.
            return .keep
        case nil:
            let isLate = now - lastHeard > limits.login || now - opened > limits.loginInAll
            return isLate ? .lose(.silent) : .keep
        }
    }

    /// Judges a connection that leaves: one that does not read would keep its
    /// place, and the log from there on.
    func verdict(at now: NIODeadline, leavingSince start: NIODeadline, _ limits: ServerLimits) -> Verdict {
        let isStuck = stuckSince.map { now - $0 > limits.stuck } ?? false
        return isStuck || now - start > limits.stuck + limits.stuck ? .lose(.tooSlow) : .keep
    }
}
