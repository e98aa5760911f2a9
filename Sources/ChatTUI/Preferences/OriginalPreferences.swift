internal import ChatInterface
internal import ChatProtocol

/// The keys of the original client's `preferances.json`.
///
/// The original has one color for each part of its windows. A color with a counterpart here is used if our own keys
/// don't set it. Fonts, buttons and its other windows have no counterpart and are ignored without a notice.
struct OriginalPreferences {
    /// All keys of the original client.
    static let keys: Set<String> = [
        "text-font", "login-page-bg", "login-page-text", "text-background", "default-text-color", "bg-color",
        "message-box", "send-button-bg", "send-button-fg", "other-button-bg", "other-button-fg", "message-label-bg",
        "message-label-fg", "text-entry-bg", "text-entry-fg", "dropdown-bg", "active-dropdown-bg", "dropdown-fg",
        colorKey, "custom-bg", "custom-label-bg", "custom-label-fg", "custom-entry",
    ]

    /// The key of the user's own color, which the original client rewrites.
    static let colorKey = "message-color"

    private var colors: [String: ChatColor] = [:]

    /// Reads one of the original's keys.
    ///
    /// - Returns: What to tell the user if the value can't be used.
    mutating func read(_ member: JSONDocument.Member, with reader: PreferenceReader) -> [String] {
        guard Self.used.contains(member.key), case .string(let text) = member.node.value else { return [] }
        if let color = Self.color(text) {
            colors[member.key] = color
            return []
        }
        let line = reader.document.position(of: member.node.range.lowerBound).line
        return ["line \(line): \"\(SafeText(line: String(text.prefix(40))).text)\" is no color that is known here"]
    }

    /// Fills in the colors that our own keys did not set.
    func fillIn(_ preferences: inout Preferences) {
        preferences.color = preferences.color ?? colors[Self.colorKey]
        let theme = preferences.theme
        // The background of the messages, or else of the whole window.
        preferences.theme.background = theme.background ?? colors["text-background"] ?? colors["bg-color"]
        preferences.theme.text = theme.text ?? colors["default-text-color"]
        preferences.theme.entryBackground = theme.entryBackground ?? colors["text-entry-bg"]
        preferences.theme.entryText = theme.entryText ?? colors["text-entry-fg"]
    }

    private static let used: Set<String> = [
        colorKey, "text-background", "bg-color", "default-text-color", "text-entry-bg", "text-entry-fg",
    ]

    /// Reads a color in the notations of the original's toolkit: `#RGB`, `#RRGGBB`, three or four digits per part, or a
    /// common color name.
    static func color(_ text: String) -> ChatColor? {
        if let color = ChatColor(text) { return color }
        let digits = text.dropFirst()
        if text.hasPrefix("#"), digits.utf8.count == 9 || digits.utf8.count == 12 {
            let each = digits.count / 3
            // A screen can show only the upper two digits of each part.
            let parts = (0..<3).map { String(digits.dropFirst($0 * each).prefix(2)) }
            return ChatColor("#" + parts.joined())
        }
        return names[text.lowercased().replacing(" ", with: "")].flatMap(ChatColor.init)
    }

    private static let names: [String: String] = [
        "black": "#000000", "white": "#FFFFFF", "red": "#FF0000", "green": "#008000", "lime": "#00FF00",
        "blue": "#0000FF", "yellow": "#FFFF00", "cyan": "#00FFFF", "magenta": "#FF00FF", "gray": "#808080",
        "grey": "#808080", "lightgray": "#D3D3D3", "lightgrey": "#D3D3D3", "darkgray": "#A9A9A9",
        "darkgrey": "#A9A9A9", "orange": "#FFA500", "purple": "#800080", "pink": "#FFC0CB", "brown": "#A52A2A",
        "navy": "#000080", "darkblue": "#00008B", "darkgreen": "#006400", "darkred": "#8B0000", "gold": "#FFD700",
        "violet": "#EE82EE", "turquoise": "#40E0D0", "silver": "#C0C0C0", "maroon": "#800000", "teal": "#008080",
        "olive": "#808000", "indigo": "#4B0082", "salmon": "#FA8072", "skyblue": "#87CEEB",
    ]
}
