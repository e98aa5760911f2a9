internal import Testing

@testable internal import ChatInterface

/// Keys written as text: characters stand for themselves, `<…>` for a key.
///
/// `<C-a>` is Control, `<M-b>` Alt, `<S-Left>` Shift; `<lt>` is the less-than sign.
enum KeyScript {
    static func keys(_ script: String) throws -> [KeyPress] {
        var keys: [KeyPress] = []
        var rest = script[...]
        while let first = rest.popFirst() {
            guard first == "<" else {
                keys.append(KeyPress(.character(first)))
                continue
            }
            let end = try #require(rest.firstIndex(of: ">"), "an open < in \(script)")
            keys.append(try key(String(rest[..<end])))
            rest = rest[rest.index(after: end)...]
        }
        return keys
    }

    private static func key(_ name: String) throws -> KeyPress {
        var modifiers: KeyPress.Modifiers = []
        var name = name[...]
        let prefixes: [(String, KeyPress.Modifiers)] = [("C-", .control), ("M-", .alt), ("S-", .shift)]
        while let (prefix, modifier) = prefixes.first(where: { name.hasPrefix($0.0) }), name.count > prefix.count {
            modifiers.insert(modifier)
            name = name.dropFirst(prefix.count)
        }
        let named: [String: KeyPress.Key] = [
            "Left": .left, "Right": .right, "Up": .up, "Down": .down, "Home": .home, "End": .end, "BS": .backspace,
            "Del": .delete,
            "Enter": .enter, "Tab": .tab, "Esc": .escape, "PgUp": .pageUp, "PgDn": .pageDown, "F2": .function(2),
            "lt": .character("<"),
        ]
        if let key = named[String(name)] { return KeyPress(key, modifiers) }
        let character = try #require(name.count == 1 ? name.first : nil, "no key is called \(name)")
        return KeyPress(.character(character), modifiers)
    }
}

extension Composer {
    /// Starts with text in which a caret stands for the cursor: `hello wor|ld`.
    init(picture: String, kind: Kind = .message, maximumBytes: Int = 1000) {
        self.init(kind: kind, maximumBytes: maximumBytes)
        let parts = picture.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
        setText(parts.joined())
        cursor = parts[0].count
        undoLog = UndoLog()
    }

    /// The text with a caret where the cursor is.
    var picture: String {
        self[0..<cursor] + "|" + self[cursor..<characters.count]
    }

    /// Presses keys; Enter sends.
    mutating func press(_ script: String) throws {
        for key in try KeyScript.keys(script) {
            if key == KeyPress(.enter) {
                _ = take()
            } else {
                _ = handle(key)
            }
        }
    }
}
