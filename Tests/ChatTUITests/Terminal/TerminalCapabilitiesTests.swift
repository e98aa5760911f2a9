internal import ChatInterface
internal import Testing

@testable import ChatTUI

@Suite("Terminal capabilities")
struct TerminalCapabilitiesTests {
    @Test(
        "colors by the description and NO_COLOR",
        arguments: [
            (0, false, nil, .monochrome), (2, false, nil, .monochrome), (8, false, nil, .eight),
            (16, false, nil, .sixteen), (88, false, nil, .sixteen), (256, false, nil, .indexed256),
            (32_768, true, nil, .indexed256), (1 << 24, true, nil, .direct), (256, false, "1", .monochrome),
            (1 << 24, true, "0", .monochrome),
        ] as [(Int, Bool, String?, Palette.Depth)]
    )
    func depth(colors: Int, isDirect: Bool, noColor: String?, depth: Palette.Depth) {
        #expect(Palette.Depth(colors: colors, isDirect: isDirect, noColor: noColor) == depth)
    }

    @Test(
        "the background by COLORFGBG",
        arguments: [
            (nil, .dark), ("15;0", .dark), ("0;15", .light), ("0;default;15", .light), ("0;7", .light),
            ("default;default", .dark), ("", .dark), ("7;8", .dark),
        ] as [(String?, Palette.Background)]
    )
    func background(variable: String?, background: Palette.Background) {
        #expect(Palette.Background(colorFGBG: variable) == background)
    }

    @Test(
        "UTF-8 where nobody says otherwise, or where it is asked for by a name that is unknown here",
        arguments: [
            ([:], true, "C.UTF-8"), (["LANG": "C"], true, nil), (["LANG": "POSIX"], true, nil),
            (["LANG": "en_US.UTF-8"], true, nil), (["LANG": "en_US.UTF-8"], false, "C.UTF-8"),
            (["LANG": "de_DE.utf8"], false, "C.UTF-8"), (["LANG": "de_DE.ISO-8859-1"], false, nil),
            (["LC_ALL": "C", "LANG": "en_US.UTF-8"], true, nil), (["LC_CTYPE": "C.UTF-8"], true, nil),
        ] as [([String: String], Bool, String?)]
    )
    func locale(environment: [String: String], isAccepted: Bool, replacement: String?) {
        #expect(
            CharacterLocale.replacement(variable: { environment[$0] }, isAccepted: isAccepted) == replacement
        )
    }
}
