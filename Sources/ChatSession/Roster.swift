public import ChatProtocol

/// Who is in the chat, as far as the session knows.
public struct Roster: Hashable, Sendable {
    /// A user who is logged in.
    public struct Member: Hashable, Sendable {
        /// The nickname as it was received; to show it, use ``name``.
        public var nickname: String
        /// The nickname, safe to show.
        public var name: SafeText
        /// The color; nil while it is unknown (an original server tells it only with a message).
        public var color: ChatColor?
        /// Whether the server lists this nickname among the admins.
        public var isAdmin: Bool
        /// Whether this is our own user.
        public var isOwn: Bool

        /// Creates a member.
        public init(nickname: String, color: ChatColor?, isAdmin: Bool, isOwn: Bool) {
            self.nickname = nickname
            self.name = SafeText(line: nickname)
            self.color = color
            self.isAdmin = isAdmin
            self.isOwn = isOwn
        }
    }

    /// All members: admins first, then by folded nickname.
    public var members: [Member]

    /// Creates a roster.
    public init(members: [Member] = []) {
        self.members = members
    }
}
