public import ChatProtocol

/// The number of one connection, never used twice while the process runs.
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

/// The lasting id of a registered user; it stays the same when the nickname changes.
public struct AccountID: Hashable, Sendable {
    /// The number of the row in the store.
    public let number: Int64

    /// Creates an id.
    public init(_ number: Int64) {
        self.number = number
    }
}

/// Who somebody is, whatever their nickname is at the moment.
///
/// It decides whose a private message is.
public enum Identity: Hashable, Sendable {
    /// A registered user who gave the right password.
    case account(AccountID)
    /// A guest, for as long as the connection lasts.
    ///
    /// The next holder of the nickname is somebody else.
    case guest(ConnectionID)
}

/// What a registered user may do.
public enum Role: String, Hashable, Sendable {
    /// Owns a nickname.
    case member
    /// May also kick and ban, and is listed in the `admin` keys.
    case admin
}

/// A registered user as the room knows them; the password stays in the store.
public struct Account: Hashable, Sendable {
    /// The lasting id.
    public var id: AccountID
    /// The registered nickname.
    public var nickname: Nickname
    /// What the user may do.
    public var role: Role
    /// Which of its passwords the account has now.
    ///
    /// It rises with every new password, but not when the same one is hashed again.
    public var credentialRevision: Int64

    /// Creates an account.
    public init(id: AccountID, nickname: Nickname, role: Role, credentialRevision: Int64 = 0) {
        self.id = id
        self.nickname = nickname
        self.role = role
        self.credentialRevision = credentialRevision
    }
}
