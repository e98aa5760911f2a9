/// A JSON document that remembers the position of everything in it.
///
/// It is made for files that people edit: an error says where it is and how to fix it, and a value can be replaced
/// without changing any other byte.
struct JSONDocument: Hashable, Sendable {
    /// A value without its position.
    indirect enum Value: Hashable, Sendable {
        case object([Member])
        case array([Node])
        case string(String)
        /// The number as it is written.
        case number(String)
        case boolean(Bool)
        case null
    }

    /// A value with its position.
    struct Node: Hashable, Sendable {
        /// The value.
        var value: Value
        /// The range of its bytes.
        var range: Range<Int>
    }

    /// A key of an object, with its value.
    struct Member: Hashable, Sendable {
        /// The key.
        var key: String
        /// The range of the key's bytes, including the quotes.
        var keyRange: Range<Int>
        /// The value.
        var node: Node
    }

    /// The bytes of the document.
    private(set) var bytes: [UInt8]
    /// The top-level value.
    private(set) var root: Node

    /// Parses a document.
    ///
    /// - Parameter bytes: UTF-8 without a byte-order mark, lines ended by `\n`.
    /// - Throws: ``JSONError`` for the first mistake.
    init(_ bytes: [UInt8]) throws(JSONError) {
        var parser = JSONParser(bytes)
        self.root = try parser.document()
        self.bytes = bytes
    }

    /// The members of the top-level object; nil if the document is not an object.
    var members: [Member]? {
        if case .object(let members) = root.value { members } else { nil }
    }

    /// The line and column of a byte.
    func position(of offset: Int) -> JSONError.Position {
        JSONError.Position(offset, in: bytes)
    }
}

/// What is wrong with a JSON document, and where.
struct JSONError: Error, Hashable, CustomStringConvertible {
    /// A line and a column, both counted from 1 as in editors.
    struct Position: Hashable, Sendable, CustomStringConvertible {
        var line: Int
        /// The column, in Unicode scalars.
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

    /// Where the mistake is.
    var position: Position
    /// What is wrong, in words.
    var reason: String

    var description: String { "\(position): \(reason)" }
}
