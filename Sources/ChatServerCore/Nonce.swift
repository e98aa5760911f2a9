public import ChatProtocol

/// A client's own tag for a message together with whose it is, so that the same
/// message sent twice is found out.
public struct Nonce: Hashable, Sendable {
    /// Whose a tag is.
    public enum Owner: Hashable, Sendable {
        /// A registered user's, whatever the nickname becomes.
        case account(AccountID)
        /// A guest's by nickname, because a guest who lost the connection and
        /// comes back has nothing else to be known by.
        case guest(NicknameKey)
    }

    /// Whose it is.
    public var owner: Owner
    /// The tag, at most `Limits.nonceBytes` long.
    public var tag: String

    /// Creates a nonce.
    public init(owner: Owner, tag: String) {
        self.owner = owner
        self.tag = tag
    }
}
