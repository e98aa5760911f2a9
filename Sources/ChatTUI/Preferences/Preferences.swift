internal import ChatClient
internal import ChatInterface
internal import ChatProtocol

/// What a preferences file says.
///
/// Unknown keys are not errors, since the file may be shared with another
/// version, but are worth a ``notices`` line: most are typing mistakes.
struct Preferences: Hashable, Sendable {
    /// The nickname to log in with.
    var nickname: String?
    /// The color to log in with.
    var color: ChatColor?
    /// The server to connect to where none is named.
    var server: ServerAddress?
    /// How much encryption is wanted.
    var encryption: ConnectionSecurity.Encryption?
    /// Whether the wheel scrolls; without it, the mouse selects text.
    var usesMouse = true
    /// Whether the list of users is shown at first.
    var showsSidebar = true
    /// The colors of the screen.
    var theme = ThemeColors()
    /// What in the file had no effect, one line each.
    var notices: [String] = []

    /// No preferences.
    init() {}

    /// Reads a file's content.
    ///
    /// - Throws: ``JSONError`` for what is not JSON, and for a known key with a
    ///   value that makes no sense.
    init(_ document: JSONDocument) throws(JSONError) {
        guard let members = document.members else {
            throw JSONError(
                position: document.position(of: document.root.range.lowerBound),
                reason: "preferences are one object: { … }"
            )
        }
        let reader = PreferenceReader(document: document)
        var original = OriginalPreferences()
        for member in members {
            switch member.key {
            case "nickname": nickname = try reader.text(member)
            case "color": color = try reader.color(member)
            case "server": server = try reader.server(member)
            case "tls": encryption = try reader.encryption(member)
            case "mouse": usesMouse = try reader.flag(member) ?? true
            case "sidebar": showsSidebar = try reader.flag(member) ?? true
            case "theme": try readTheme(member, with: reader)
            case _ where OriginalPreferences.keys.contains(member.key):
                notices += original.read(member, with: reader)
            default: notices.append(reader.unknown(member, among: Self.keys))
            }
        }
        original.fillIn(&self)
    }

    /// The keys that this program knows.
    static let keys = ["nickname", "color", "server", "tls", "mouse", "sidebar", "theme"]

    /// The keys under `theme`, and what each colors.
    static var themeKeys: KeyValuePairs<String, WritableKeyPath<ThemeColors, ChatColor?>> {
        [
            "background": \.background,
            "text": \.text,
            "dim": \.dim,
            "accent": \.accent,
            "warning": \.warning,
            "error": \.error,
            "whisper": \.whisper,
            "own": \.own,
            "border": \.border,
            "entry-background": \.entryBackground,
            "entry-text": \.entryText,
        ]
    }

    private mutating func readTheme(
        _ theme: JSONDocument.Member,
        with reader: PreferenceReader
    ) throws(JSONError) {
        guard case .object(let members) = theme.node.value else {
            throw reader.error(theme.node, "\"theme\" is an object of colors: { \"text\": \"#D9D9D9\" }")
        }
        for member in members {
            if let path = Self.themeKeys.first(where: { $0.key == member.key })?.value {
                self.theme[keyPath: path] = try reader.color(member)
            } else {
                notices.append(reader.unknown(member, among: Self.themeKeys.map(\.key)))
            }
        }
    }
}
