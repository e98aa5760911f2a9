public import ChatProtocol

/// A client's own tag for a message, together with its owner.
///
/// It shows when the same message is sent twice.
public struct Nonce: Hashable, Sendable {
    /// Whose a tag is.
    public enum Owner: Hashable, Sendable {
        /// A registered user, even after a change of nickname.
        case account(AccountID)
        /// A guest, by nickname.
        ///
        /// A guest who comes back after a lost connection can't be recognized by anything else.
        case guest(NicknameKey)
    }

    /// The owner of the tag.
    public var owner: Owner
    /// The tag, at most `Limits.nonceBytes` long.
    public var tag: String

    /// Creates a nonce.
    public init(owner: Owner, tag: String) {
        self.owner = owner
        self.tag = tag
    }
}
