internal import ChatServerCore

/// One end of a private message, stored in two columns.
struct StoredIdentity: Hashable, Sendable {
    /// 0 for an account; for a guest, the server's run in which the guest was connected.
    var run: Int64
    /// The account's id, or the bits of the guest's connection number.
    var owner: Int64

    /// Whether this is a guest.
    var isGuest: Bool { run != 0 }

    init(run: Int64, owner: Int64) {
        self.run = run
        self.owner = owner
    }

    /// - Parameter run: The server's current run.
    init(_ identity: Identity, run: Int64) {
        switch identity {
        case .account(let account): self.init(run: 0, owner: account.number)
        case .guest(let connection): self.init(run: run, owner: Int64(bitPattern: connection.number))
        }
    }

    /// The identity that the columns stand for now.
    ///
    /// - Parameter run: The server's current run. A guest of an earlier run becomes nobody, because another guest may
    ///   have the same connection number now.
    func identity(run: Int64) -> Identity {
        if !isGuest { return .account(AccountID(owner)) }
        return .guest(self.run == run ? ConnectionID(UInt64(bitPattern: owner)) : .nobody)
    }
}

extension ConnectionID {
    /// A connection number that is never used.
    static let nobody = ConnectionID(.max)
}
