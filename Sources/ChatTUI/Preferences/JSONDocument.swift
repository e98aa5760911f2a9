/// A JSON text that remembers where everything stands in it.
///
/// Made for files that people write: an error says where and what to do, and a
/// value can be replaced without touching a byte of the rest.
struct JSONDocument: Hashable, Sendable {
    /// A value and its place.
    indirect enum Value: Hashable, Sendable {
        case object([Member])
        case array([Node])
        case string(String)
        /// As it is written.
        case number(String)
        case boolean(Bool)
        case null
    }

    /// A value at its place.
    struct Node: Hashable, Sendable {
        /// The value.
        var value: Value
        /// Its bytes.
        var range: Range<Int>
    }

    /// A key of an object with its value.
    struct Member: Hashable, Sendable {
        /// The key.
        var key: String
        /// The key's bytes, quotes included.
        var keyRange: Range<Int>
        /// The value.
        var node: Node
    }

    /// The text.
    private(set) var bytes: [UInt8]
    /// What it says.
    private(set) var root: Node

    /// Reads a text.
    ///
    /// - Parameter bytes: UTF-8 without a byte-order mark, lines ended by `\n`.
    /// - Throws: ``JSONError`` for the first thing that is wrong.
    init(_ bytes: [UInt8]) throws(JSONError) {
        var parser = JSONParser(bytes)
        self.root = try parser.document()
        self.bytes = bytes
    }

    /// The members of the object that the whole text is; nil where it is something else.
    var members: [Member]? {
        if case .object(let members) = root.value { members } else { nil }
    }

    /// The place of a byte, for people.
    func position(of offset: Int) -> JSONError.Position {
        JSONError.Position(offset, in: bytes)
    }
}

/// What is wrong with a JSON text, and where.
struct JSONError: Error, Hashable, CustomStringConvertible {
    /// A place as editors count it, from 1.
    struct Position: Hashable, Sendable, CustomStringConvertible {
        var line: Int
        /// In Unicode scalars.
        var column: Int

        var description: String { "\(line):\(column)" }

        init(line: Int, column: Int) {
            self.line = line
            self.column = column
        }

        init(_ offset: Int, in bytes: [UInt8]) {
            let before = bytes.prefix(offset)
            let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
            line = before.count { $0 == UInt8(ascii: "\n") } + 1
            column = before[start...].count { $0 & 0xC0 != 0x80 } + 1
        }
    }

    /// Where.
    var position: Position
    /// What, in words.
    var reason: String

    var description: String { "\(position): \(reason)" }
}
