internal import ChatClient
internal import ChatInterface
internal import ChatProtocol

/// The contents of a preferences file.
///
/// Unknown keys are not errors, because another version may use the same file. Each gets a line in ``notices``, because
/// most are typing mistakes.
struct Preferences: Hashable, Sendable {
    /// The nickname to log in with.
    var nickname: String?
    /// The color to log in with.
    var color: ChatColor?
    /// The server to connect to if none is named.
    var server: ServerAddress?
    /// How much encryption the user wants.
    var encryption: ConnectionSecurity.Encryption?
    /// Whether the mouse wheel scrolls; if not, the mouse can select text.
    var usesMouse = true
    /// Whether the user list is shown at the start.
    var showsSidebar = true
    /// The colors of the screen.
    var theme = ThemeColors()
    /// The parts of the file that had no effect, one line each.
    var notices: [String] = []

    /// Creates empty preferences.
    init() {}

    /// Reads the contents of a file.
    ///
    /// - Throws: ``JSONError`` for text that is not JSON, or for a known key with an invalid value.
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

    /// The keys under `theme`, and the color that each one sets.
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
