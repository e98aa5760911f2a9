internal import ChatProtocol
internal import ChatServerCore
internal import Logging

/// The entries of the operator's log that say who did what.
///
/// They never hold message text or a secret, and names only as `SafeText`.
extension Hub {
    /// Logs and counts an entry of the room.
    func audit(_ entry: AuditEntry) {
        switch entry.action {
        case .login: metrics.logins += 1
        case .refusal: if let refusal = entry.refusal { metrics.count(refusal) }
        default: break
        }
        var metadata: Logger.Metadata = ["connection": "\(entry.connection.number)"]
        if !entry.nickname.isEmpty { metadata["nickname"] = "\(SafeText(line: entry.nickname))" }
        if let address = connections[entry.connection]?.address ?? departed[entry.connection] {
            metadata["address"] = "\(address)"
        }
        if !entry.detail.isEmpty { metadata["detail"] = "\(SafeText(line: entry.detail))" }
        logger.notice("\(entry.action.rawValue)", metadata: metadata)
    }

    /// Tells the room about changes of the registered users, and logs what another program changed.
    ///
    /// A change that somebody in the room asked for gets its own line with the answer.
    func update(_ changes: AccountChanges) {
        if hasAccounts {
            for account in changes.changed { noteChange(of: account, isAsked: account.id == changes.asked) }
            for account in changes.removed.compactMap({ room.account($0) }) { note("account removed", account, "") }
        }
        hasAccounts = true
        tell(.accounts(changes))
    }

    private func noteChange(of account: Account, isAsked: Bool) {
        guard let before = room.account(account.id) else {
            if !isAsked { note("account added", account, "as \(account.role.rawValue)") }
            return
        }
        // Nobody in the room can ask for this change.
        if before.role != account.role { note("account role", account, "now \(account.role.rawValue)") }
        guard !isAsked else { return }
        if before.nickname != account.nickname { note("account renamed", account, "was \(before.nickname.text)") }
        if before.credentialRevision != account.credentialRevision { note("account password", account, "changed") }
    }

    /// Logs a connection that was refused, unless there are too many of them.
    ///
    /// - Parameter isTold: Whether the peer is told why; if not, it was just closed.
    func note(_ refusal: Refusal, isTold: Bool, of address: String) {
        if !isTold { metrics.untoldRefusals += 1 }
        guard let unsaid = refused.note(refusal, isTold: isTold, at: tick.now) else { return }
        var metadata: Logger.Metadata = ["address": "\(address)", "reason": "\(refusal.rawValue)"]
        if unsaid > 0 { metadata["more"] = "\(unsaid)" }
        logger.info(isTold ? "connection refused" : "connection refused without a word", metadata: metadata)
    }

    private func note(_ what: String, _ account: Account, _ detail: String) {
        var metadata: Logger.Metadata = ["nickname": "\(SafeText(line: account.nickname.text))"]
        if !detail.isEmpty { metadata["detail"] = "\(SafeText(line: detail))" }
        logger.notice("\(what)", metadata: metadata)
    }
}
