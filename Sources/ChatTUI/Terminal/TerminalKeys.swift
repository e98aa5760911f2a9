internal import ChatInterface

/// The names of keys in terminal descriptions.
enum TerminalKeys {
    /// The names and their keys; extended names end in xterm's number for the modifier keys.
    static let capabilities: [(name: String, key: KeyPress)] = plain + shifted + functions + extended

    private static let plain: [(name: String, key: KeyPress)] = [
        ("kcuu1", KeyPress(.up)), ("kcud1", KeyPress(.down)),
        ("kcub1", KeyPress(.left)), ("kcuf1", KeyPress(.right)),
        ("khome", KeyPress(.home)), ("kend", KeyPress(.end)),
        ("kpp", KeyPress(.pageUp)), ("knp", KeyPress(.pageDown)),
        ("kich1", KeyPress(.insert)), ("kdch1", KeyPress(.delete)),
        ("kent", KeyPress(.enter)), ("kcbt", KeyPress(.tab, .shift)),
    ]

    private static let shifted: [(name: String, key: KeyPress)] = [
        ("kri", KeyPress(.up, .shift)), ("kind", KeyPress(.down, .shift)),
        ("kLFT", KeyPress(.left, .shift)), ("kRIT", KeyPress(.right, .shift)),
        ("kHOM", KeyPress(.home, .shift)), ("kEND", KeyPress(.end, .shift)),
        ("kPRV", KeyPress(.pageUp, .shift)), ("kNXT", KeyPress(.pageDown, .shift)),
        ("kIC", KeyPress(.insert, .shift)), ("kDC", KeyPress(.delete, .shift)),
    ]

    private static let functions: [(name: String, key: KeyPress)] = (1...12).map {
        ("kf\($0)", KeyPress(.function($0)))
    }

    private static let extended: [(name: String, key: KeyPress)] = {
        let keys: [(String, KeyPress.Key)] = [
            ("kUP", .up), ("kDN", .down), ("kLFT", .left), ("kRIT", .right), ("kHOM", .home), ("kEND", .end),
            ("kPRV", .pageUp), ("kNXT", .pageDown), ("kIC", .insert), ("kDC", .delete),
        ]
        let modifiers: [(Int, KeyPress.Modifiers)] = [
            (3, .alt), (4, [.alt, .shift]), (5, .control), (6, [.control, .shift]), (7, [.control, .alt]),
        ]
        return keys.flatMap { name, key in
            modifiers.map { number, held in ("\(name)\(number)", KeyPress(key, held)) }
        }
    }()
}
