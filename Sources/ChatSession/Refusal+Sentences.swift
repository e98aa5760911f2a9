internal import ChatProtocol

/// Refusals of servers that send sentences only: the original, and this project's
/// before it sent a word with them.
extension Refusal {
    /// Parts of their sentences in small letters.
    private static let sentences: [(part: String, refusal: Refusal)] = [
        ("user is already logged in", .nicknameInUse),
        ("user is a registered user", .nicknameRegistered),
        ("unrecognized recipient.", .recipientAbsent),
        ("unrecognized user.", .userAbsent),
        ("you have been kicked", .kicked),
        ("encrypted connections only", .encryptionRequired),
        (" banned ", .banned),
        ("try again", .busy),
    ]

    /// Recognizes a sentence; nil for one that means nothing to the session.
    init?(sentence: String) {
        let words = sentence.lowercased()
        guard let found = Self.sentences.first(where: { words.contains($0.part) }) else { return nil }
        self = found.refusal
    }

    /// Whether a login is refused for its password, or for having none.
    var isAboutPassword: Bool {
        switch self {
        case .passwordMissing, .passwordWrong, .nicknameRegistered: true
        default: false
        }
    }

    /// Whether the same login may be taken a little later.
    var isPassing: Bool {
        switch self {
        case .busy, .throttled, .storeFailed, .closing, .serverFull, .addressFull, .tooFast: true
        default: false
        }
    }
}
