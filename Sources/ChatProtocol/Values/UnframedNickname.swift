/// How a nickname is written for original clients.
///
/// They fall silent for good at an escaped `/` before a `;`. A space in between
/// keeps them alive, and no nickname ends in one: so a nickname that ends in a
/// slash goes out with a space after it, and comes back with it.
public enum UnframedNickname {
    /// The nickname that an original client means.
    public static func read(_ text: String) -> String {
        let bytes = text.utf8
        guard bytes.last == UInt8(ascii: " "), bytes.dropLast().last == UInt8(ascii: "/") else { return text }
        return String(text.unicodeScalars.dropLast())
    }

    /// Whether a value goes out with a space after it.
    static func isPadded(_ text: String) -> Bool { text.utf8.last == UInt8(ascii: "/") }
}

extension Nickname {
    /// Whether original clients read the nickname as it is: not with a slash at
    /// the end or two in a row, of which they make one.
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
