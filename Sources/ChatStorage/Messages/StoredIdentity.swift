internal import ChatServerCore

/// One end of a private message as two columns.
struct StoredIdentity: Hashable, Sendable {
    /// 0 for an account; else the run of the server that the guest was in.
    var run: Int64
    /// The account's id, or the bits of the guest's connection number.
    var owner: Int64

    /// Whether this was a guest.
    var isGuest: Bool { run != 0 }

    init(run: Int64, owner: Int64) {
        self.run = run
        self.owner = owner
    }

    /// - Parameter run: The present run of the server.
    init(_ identity: Identity, run: Int64) {
        switch identity {
        case .account(let account): self.init(run: 0, owner: account.number)
        case .guest(let connection): self.init(run: run, owner: Int64(bitPattern: connection.number))
        }
    }

    /// Who that is now.
    ///
    /// - Parameter run: The present run of the server. A guest of an earlier
    ///   one is nobody: the number may belong to somebody else by now.
    func identity(run: Int64) -> Identity {
        if !isGuest { return .account(AccountID(owner)) }
        return .guest(self.run == run ? ConnectionID(UInt64(bitPattern: owner)) : .nobody)
    }
}

extension ConnectionID {
    /// A connection that there never is.
    static let nobody = ConnectionID(.max)
}
