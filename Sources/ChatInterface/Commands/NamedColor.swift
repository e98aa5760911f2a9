public import ChatProtocol

/// Colors with names, for users who don't think in hexadecimal.
///
/// They are easy to tell apart, on a dark background and on a light one.
enum NamedColor: String, CaseIterable, Hashable, Sendable {
    case red
    case orange
    case amber
    case yellow
    case lime
    case green
    case teal
    case cyan
    case sky
    case blue
    case indigo
    case violet
    case magenta
    case pink
    case brown
    case gray

    var color: ChatColor {
        switch self {
        case .red: ChatColor(red: 0xE5, green: 0x3E, blue: 0x3E)
        case .orange: ChatColor(red: 0xF2, green: 0x7D, blue: 0x26)
        case .amber: ChatColor(red: 0xE0, green: 0xA3, blue: 0x00)
        case .yellow: ChatColor(red: 0xE8, green: 0xD4, blue: 0x30)
        case .lime: ChatColor(red: 0x9C, green: 0xCC, blue: 0x3C)
        case .green: ChatColor(red: 0x3F, green: 0xA9, blue: 0x4E)
        case .teal: ChatColor(red: 0x1F, green: 0xA8, blue: 0x96)
        case .cyan: ChatColor(red: 0x2C, green: 0xC3, blue: 0xD9)
        case .sky: ChatColor(red: 0x5C, green: 0xA9, blue: 0xF2)
        case .blue: ChatColor(red: 0x3D, green: 0x6F, blue: 0xE0)
        case .indigo: ChatColor(red: 0x6B, green: 0x5C, blue: 0xE0)
        case .violet: ChatColor(red: 0x9B, green: 0x59, blue: 0xD9)
        case .magenta: ChatColor(red: 0xD3, green: 0x33, blue: 0xFF)
        case .pink: ChatColor(red: 0xF0, green: 0x6B, blue: 0xB0)
        case .brown: ChatColor(red: 0xA9, green: 0x74, blue: 0x4F)
        case .gray: ChatColor(red: 0x9A, green: 0xA0, blue: 0xA6)
        }
    }
}

extension ChatColor {
    /// Reads a color as people type it: `#RGB`, `#RRGGBB`, the same without `#`, or a name.
    public static func typed(_ text: String) -> ChatColor? {
        let text = text.trimmingSpaces()
        return NamedColor(rawValue: text.lowercased())?.color ?? ChatColor(text) ?? ChatColor("#" + text)
    }

    /// A color for users who don't choose one; it is always the same for a nickname.
    public static func automatic(for nickname: String) -> ChatColor {
        var hash: UInt32 = 2_166_136_261
        for byte in NicknameKey(nickname).folded.utf8 {
            hash = (hash ^ UInt32(byte)) &* 16_777_619
        }
        // Gray would look like no color at all.
        let colors = NamedColor.allCases.filter { $0 != .gray && $0 != .brown }
        let index = Int(hash >> 8) % max(1, colors.count)
        return colors.indices.contains(index) ? colors[index].color : .white
    }
}
