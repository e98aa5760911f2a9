/// Finds where an original client's request starts in the middle of other bytes.
enum RequestStart {
    /// Requests that are always written in the same way.
    private static let whole = ["DISCON,,", "REF,,", "USER,,"]
    /// The text before the recipient of a CHAT.
    private static let chat = "CHAT,rec="
    /// Requests with parameters, and the keys that may come first in each.
    private static let withParameters: [(reason: String, keys: [String])] = [
        ("UPDATE,", ["nickname=", "password=", "color="]), ("KICK,", ["user="]),
    ]
    /// The most bytes of a nickname with every byte escaped, and of the keys after it.
    private static let recipientBytes = 512

    /// The index of the first byte of the first request; nil if there is none.
    ///
    /// - Parameter mayContinue: Whether more bytes may follow. If not, a key that is cut off at the end counts as one,
    ///   because it may be followed by a password.
    static func first(in bytes: Span<UInt8>, from start: Int, mayContinue: Bool) -> Int? {
        for index in start..<max(start, bytes.count) where isRequest(bytes, at: index, mayContinue) { return index }
        return nil
    }

    private static func isRequest(_ bytes: Span<UInt8>, at index: Int, _ mayContinue: Bool) -> Bool {
        switch bytes[index] {
        case UInt8(ascii: "C"): stands(chat, in: bytes, at: index) && hasRecipient(bytes, behind: index)
        case UInt8(ascii: "D"), UInt8(ascii: "R"), UInt8(ascii: "U"), UInt8(ascii: "K"):
            isWhole(bytes, at: index) || hasKey(bytes, at: index, mayContinue)
        default: false
        }
    }

    private static func isWhole(_ bytes: Span<UInt8>, at index: Int) -> Bool {
        for request in whole where stands(request, in: bytes, at: index) { return true }
        return false
    }

    private static func stands(_ text: String, in bytes: Span<UInt8>, at index: Int) -> Bool {
        bytes.agreement(with: text, at: index) == text.utf8.count
    }

    /// Whether the header of a CHAT ends in an unescaped comma.
    private static func hasRecipient(_ bytes: Span<UInt8>, behind start: Int) -> Bool {
        var index = start + chat.utf8.count
        let end = min(bytes.count, index + recipientBytes)
        while index < end {
            switch bytes[index] {
            case UInt8(ascii: ","): return true
            case UInt8(ascii: "/"): index += 2
            default: index += 1
            }
        }
        return false
    }

    /// Whether a reason and one of its keys are at this place.
    private static func hasKey(_ bytes: Span<UInt8>, at start: Int, _ mayContinue: Bool) -> Bool {
        for (reason, keys) in withParameters where stands(reason, in: bytes, at: start) {
            var index = start + reason.utf8.count
            while index < bytes.count, bytes[index] == UInt8(ascii: ";") { index += 1 }
            for key in keys {
                let agreement = bytes.agreement(with: key, at: index)
                if agreement == key.utf8.count { return true }
                if !mayContinue, index + agreement == bytes.count { return true }
            }
        }
        return false
    }
}
