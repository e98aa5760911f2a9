internal import ChatProtocol
internal import ChatServerCore
internal import Logging

/// What the operator finds in the log of who did what.
///
/// Never message text, never a secret; names only as `SafeText`.
extension Hub {
    /// Writes down and counts what the room says.
    func audit(_ entry: AuditEntry) {
        switch entry.action {
        case .login: metrics.logins += 1
        case .refusal: metrics.count(entry.refusal ?? .other)
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

    /// Takes the registered users as they are now, and writes down what another
    /// program changed about them.
    ///
    /// Stores tell of a change before they answer who asked for it: what
    /// somebody here asked for gets its own line with the answer.
    func take(_ accounts: [Account]) {
        let now = Dictionary(accounts.map { ($0.id, $0) }) { $1 }
        if let knownAccounts {
            for account in accounts where knownAccounts[account.id] != account && !room.hasAsked(for: account) {
                guard let before = knownAccounts[account.id] else {
                    note("account added", account, "as \(account.role.rawValue)")
                    continue
                }
                if before.nickname != account.nickname {
                    note("account renamed", account, "was \(before.nickname.text)")
                }
                if before.role != account.role { note("account role", account, "now \(account.role.rawValue)") }
            }
            for account in knownAccounts.values where now[account.id] == nil {
                note("account removed", account, "")
            }
        }
        knownAccounts = now
        tell(.accounts(accounts))
    }

    private func note(_ what: String, _ account: Account, _ detail: String) {
        var metadata: Logger.Metadata = ["nickname": "\(SafeText(line: account.nickname.text))"]
        if !detail.isEmpty { metadata["detail"] = "\(SafeText(line: detail))" }
        logger.notice("\(what)", metadata: metadata)
    }
}
