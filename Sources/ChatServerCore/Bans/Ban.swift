public import ChatProtocol

/// That somebody may not come in: under a nickname, with an account, and as a
/// guest from an address.
public struct Ban: Hashable, Sendable {
    /// Who is banned; there is one ban for each nickname in any spelling.
    public var nickname: Nickname
    /// The account that had the nickname; nil for a guest's.
    public var account: AccountID?
    /// From where the user came; nil where that is not to be banned, or unknown.
    public var address: NetworkAddress?
    /// When it began, in milliseconds since the Unix epoch.
    public var created: Int64
    /// When it ends, in milliseconds since the Unix epoch; nil for never.
    public var expires: Int64?
    /// The nickname of the admin who did it.
    public var admin: String
    /// Why, in the admin's words, on one line.
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

/// What is new about the bans.
public struct BanChange: Hashable, Sendable {
    /// Whose bans are no more: lifted, or run out.
    public var removed: [NicknameKey]
    /// A ban, in place of one of the same nickname.
    public var added: Ban?

    /// Creates a change.
    public init(removed: [NicknameKey] = [], added: Ban? = nil) {
        self.removed = removed
        self.added = added
    }
}
