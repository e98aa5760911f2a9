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
    /// Whether original clients read the nickname correctly.
    ///
    /// They do not if it has a slash at the end, or two in a row, which they read as one.
    public var isReadableUnframed: Bool {
        var isAfterSlash = false
        for byte in text.utf8 {
            let isSlash = byte == UInt8(ascii: "/")
            if isSlash, isAfterSlash { return false }
            isAfterSlash = isSlash
        }
        return !isAfterSlash
    }
}
