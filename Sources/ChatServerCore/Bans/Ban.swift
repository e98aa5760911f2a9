public import ChatProtocol

/// A ban of a user: by nickname, by account, and, for guests, by address.
public struct Ban: Hashable, Sendable {
    /// Who is banned; there is one ban for each nickname in any spelling.
    public var nickname: Nickname
    /// The account that had the nickname; nil for a guest's.
    public var account: AccountID?
    /// The address the user came from; nil if it is unknown or must not be banned.
    public var address: NetworkAddress?
    /// When it began, in milliseconds since the Unix epoch.
    public var created: Int64
    /// When it ends, in milliseconds since the Unix epoch; nil for never.
    public var expires: Int64?
    /// The nickname of the admin who banned the user.
    public var admin: String
    /// The admin's reason, on one line.
    public var reason: String

    /// Creates a ban.
    public init(
        nickname: Nickname,
        account: AccountID?,
        address: NetworkAddress?,
        created: Int64,
        expires: Int64?,
        admin: String,
        reason: String
    ) {
        self.nickname = nickname
        self.account = account
        self.address = address
        self.created = created
        self.expires = expires
        self.admin = admin
        self.reason = reason
    }

    /// Whether it still holds.
    public func isInForce(at now: Timestamp) -> Bool {
        expires.map { $0 > now.unixMilliseconds } ?? true
    }
}

/// A change of the bans.
public struct BanChange: Hashable, Sendable {
    /// The nicknames whose bans were lifted or have run out.
    public var removed: [NicknameKey]
    /// A new ban; it replaces one of the same nickname.
    public var added: Ban?

    /// Creates a change.
    public init(removed: [NicknameKey] = [], added: Ban? = nil) {
        self.removed = removed
        self.added = added
    }
}
