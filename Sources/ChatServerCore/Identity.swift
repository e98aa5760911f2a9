public import ChatProtocol

/// Names one connection for the life of the process; never used twice.
public struct ConnectionID: Hashable, Comparable, Sendable {
    /// The running number.
    public let number: UInt64

    /// Creates an id.
    public init(_ number: UInt64) {
        self.number = number
    }

    /// Orders by age.
    public static func < (left: ConnectionID, right: ConnectionID) -> Bool {
        left.number < right.number
    }
}

/// Names a registered user for ever, whatever the nickname becomes.
public struct AccountID: Hashable, Sendable {
    /// The store's row.
    public let number: Int64

    /// Creates an id.
    public init(_ number: Int64) {
        self.number = number
    }
}

/// Who somebody is, apart from the nickname of the moment: what decides whose a
/// private message is.
public enum Identity: Hashable, Sendable {
    /// A registered user who proved it.
    case account(AccountID)
    /// A guest, for as long as the connection lasts: the next holder of the
    /// nickname is somebody else.
    case guest(ConnectionID)
}

/// What a registered user may do.
public enum Role: String, Hashable, Sendable {
    /// Owns a nickname.
    case member
    /// May kick, too, and is listed in the `admin` keys.
    case admin
}

/// A registered user as the room knows it; the password stays with the store.
public struct Account: Hashable, Sendable {
    /// The lasting id.
    public var id: AccountID
    /// The registered nickname.
    public var nickname: Nickname
    /// What the user may do.
    public var role: Role
    /// Which password it is that opens the account: rises with every new one,
    /// not where the same one is hashed otherwise.
    public var credentialRevision: Int64

    /// Creates an account.
    public init(id: AccountID, nickname: Nickname, role: Role, credentialRevision: Int64 = 0) {
        self.id = id
        self.nickname = nickname
        self.role = role
        self.credentialRevision = credentialRevision
    }
}
