public import ChatProtocol

/// Recognizes refusals of servers that send only a sentence: the original server, and early versions of this project's
/// server, which sent no code word.
extension Refusal {
    /// Parts of those sentences, in lower case.
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

    /// Recognizes a sentence; nil if it means nothing to the session.
    init?(sentence: String) {
        let words = sentence.lowercased()
        guard let found = Self.sentences.first(where: { words.contains($0.part) }) else { return nil }
        self = found.refusal
    }

    /// Whether a login was refused because of its password, or because it had none.
    public var isAboutPassword: Bool {
        switch self {
        case .passwordMissing, .passwordWrong, .nicknameRegistered: true
        default: false
        }
    }

    /// Whether the same login may succeed a little later.
    var isPassing: Bool {
        switch self {
        case .busy, .throttled, .storeFailed, .closing, .serverFull, .addressFull, .tooFast: true
        default: false
        }
    }
}
