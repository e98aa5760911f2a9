/// How a nickname is written for original clients.
///
/// After an escaped `/` before a `;` these clients never react to anything again. A space in between prevents that, and
/// no nickname ends in a space. So a nickname that ends in a slash is sent with a space after it, and comes back with
/// it.
public enum UnframedNickname {
    /// The nickname that an original client means by a text.
    public static func read(_ text: String) -> String {
        let bytes = text.utf8
        guard bytes.last == UInt8(ascii: " "), bytes.dropLast().last == UInt8(ascii: "/") else { return text }
        return String(text.unicodeScalars.dropLast())
    }

    /// Whether a value is sent with a space after it.
    static func isPadded(_ text: String) -> Bool { text.utf8.last == UInt8(ascii: "/") }
}

extension Nickname {
    /// Whether original clients read the nickname correctly and can write to its owner.
    ///
    /// They read two slashes as one, and none at the end. And they write the recipient of a private text without
    /// escapes: what they mean for `bob,x` would reach `bob`.
    public var isReadableUnframed: Bool {
        !text.utf8.contains { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: ";") || $0 == UInt8(ascii: "/") }
    }
}
