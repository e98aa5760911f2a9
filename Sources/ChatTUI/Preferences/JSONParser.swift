/// Parses JSON (RFC 8259); its errors say how to fix the text.
struct JSONParser {
    /// The deepest nesting of values.
    static let maximumDepth = 64

    private let bytes: [UInt8]
    private var position: Int

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        self.position = 0
    }

    /// Parses the whole text as one value.
    mutating func document() throws(JSONError) -> JSONDocument.Node {
        skipSpace()
        guard current != nil else { throw error("the file is empty: write { } for nothing") }
        let node = try value(depth: 0)
        skipSpace()
        if current == UInt8(ascii: "/") || current == UInt8(ascii: "#") { throw error(Self.noComments) }
        guard current == nil else { throw error("there is more after the end of the value") }
        return node
    }

    private static let noComments = "JSON has no comments: remove this"

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private func error(_ reason: String, at offset: Int? = nil) -> JSONError {
        JSONError(position: JSONError.Position(offset ?? position, in: bytes), reason: reason)
    }

    private mutating func skipSpace() {
        while let byte = current, byte == 0x20 || (0x09...0x0D).contains(byte) && byte != 0x0B && byte != 0x0C {
            position += 1
        }
    }

    private mutating func value(depth: Int) throws(JSONError) -> JSONDocument.Node {
        guard depth < Self.maximumDepth else { throw error("values lie too deep in each other") }
        guard let first = current else { throw error("the file ends where a value has to be") }
        let start = position
        let value: JSONDocument.Value
        switch first {
        case UInt8(ascii: "{"): value = try object(depth: depth)
        case UInt8(ascii: "["): value = try array(depth: depth)
        case UInt8(ascii: "\""): value = .string(try string())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): value = .number(try number())
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): value = try word()
        case UInt8(ascii: "'"): throw error("text stands in double quotes: \"…\"")
        case UInt8(ascii: "#"): throw error("a color stands in double quotes: \"#D333FF\"")
        case UInt8(ascii: "/"): throw error(Self.noComments)
        default: throw error("a value has to be here: text in quotes, a number, true, false, null, { or [")
        }
        return JSONDocument.Node(value: value, range: start..<position)
    }

    private mutating func word() throws(JSONError) -> JSONDocument.Value {
        let start = position
        while let byte = current, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) { position += 1 }
        let word = String(decoding: bytes[start..<position], as: UTF8.self)
        switch word {
        case "true": return .boolean(true)
        case "false": return .boolean(false)
        case "null": return .null
        default:
            guard ["true", "false", "null"].contains(word.lowercased()) else {
                throw error("text stands in double quotes: \"\(word.prefix(20))\"", at: start)
            }
            throw error("write \(word.lowercased()) in small letters", at: start)
        }
    }

    // MARK: - Objects and arrays

    private mutating func object(depth: Int) throws(JSONError) -> JSONDocument.Value {
        let open = position
        position += 1
        var members: [JSONDocument.Member] = []
        var keys: Set<String> = []
        while true {
            skipSpace()
            switch current {
            case UInt8(ascii: "}"):
                guard members.isEmpty else { throw error("no comma may stand before }") }
                position += 1
                return .object([])
            case UInt8(ascii: "\""): break
            case UInt8(ascii: "/"), UInt8(ascii: "#"): throw error(Self.noComments)
            case nil: throw error("the { here is never closed: a } is missing", at: open)
            default: throw error("a key in double quotes has to be here")
            }
            let keyStart = position
            let key = try string()
            let keyRange = keyStart..<position
            guard keys.insert(key).inserted else {
                throw error("\"\(key.prefix(40))\" stands here for the second time", at: keyStart)
            }
            skipSpace()
            guard current == UInt8(ascii: ":") else {
                throw error("a colon has to follow the key \"\(key.prefix(40))\"")
            }
            position += 1
            skipSpace()
            let node = try value(depth: depth + 1)
            members.append(JSONDocument.Member(key: key, keyRange: keyRange, node: node))
            if try endOfEntry(closing: UInt8(ascii: "}"), open: open) { return .object(members) }
        }
    }

    private mutating func array(depth: Int) throws(JSONError) -> JSONDocument.Value {
        let open = position
        position += 1
        var nodes: [JSONDocument.Node] = []
        while true {
            skipSpace()
            if current == UInt8(ascii: "]") {
                guard nodes.isEmpty else { throw error("no comma may stand before ]") }
                position += 1
                return .array([])
            }
            guard current != nil else { throw error("the [ here is never closed: a ] is missing", at: open) }
            nodes.append(try value(depth: depth + 1))
            if try endOfEntry(closing: UInt8(ascii: "]"), open: open) { return .array(nodes) }
        }
    }

    /// Reads what follows an entry; returns true for the closing bracket, false for a comma.
    private mutating func endOfEntry(closing: UInt8, open: Int) throws(JSONError) -> Bool {
        let end = position
        skipSpace()
        switch current {
        case UInt8(ascii: ","):
            position += 1
            return false
        case closing:
            position += 1
            return true
        case nil:
            let closing = Character(Unicode.Scalar(closing))
            let opening = Character(Unicode.Scalar(bytes[open]))
            throw error("the \(opening) here is never closed: a \(closing) is missing", at: open)
        case UInt8(ascii: "/"), UInt8(ascii: "#"): throw error(Self.noComments)
        case UInt8(ascii: "\""): throw error("a comma is missing here", at: end)
        default: throw error("a comma or \(Character(Unicode.Scalar(closing))) has to be here")
        }
    }

    // MARK: - Numbers and text

    private mutating func number() throws(JSONError) -> String {
        let start = position
        if current == UInt8(ascii: "-") { position += 1 }
        let first = current
        let whole = digits()
        guard whole > 0, first != UInt8(ascii: "0") || whole == 1 else { throw error("this is no number", at: start) }
        if current == UInt8(ascii: ".") {
            position += 1
            guard digits() > 0 else { throw error("digits have to follow the point") }
        }
        if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
            position += 1
            if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { position += 1 }
            guard digits() > 0 else { throw error("digits have to follow the e") }
        }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func digits() -> Int {
        let start = position
        while let byte = current, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
        return position - start
    }

    private mutating func string() throws(JSONError) -> String {
        let start = position
        position += 1
        var text: [UInt8] = []
        while let byte = current {
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                guard let valid = String(validating: text, as: UTF8.self) else {
                    throw error("this text is not UTF-8", at: start)
                }
                return valid
            case UInt8(ascii: "\\"):
                text += Array(String(try escaped()).utf8)
            case 0..<0x20:
                throw error("the closing quote is missing", at: start)
            default:
                text.append(byte)
                position += 1
            }
        }
        throw error("the closing quote is missing", at: start)
    }

    private mutating func escaped() throws(JSONError) -> Unicode.Scalar {
        let start = position
        position += 1
        let byte = current
        position += 1
        switch byte {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try unicodeEscape(start)
        default: throw error("a backslash is written twice: \\\\", at: start)
        }
    }

    private mutating func unicodeEscape(_ start: Int) throws(JSONError) -> Unicode.Scalar {
        guard let first = fourDigits() else { throw error("four digits have to follow \\u", at: start) }
        if let scalar = Unicode.Scalar(first) { return scalar }
        // This is the first half of a character beyond 65,535; the second half must follow.
        let hasOther =
            position + 1 < bytes.count && bytes[position] == UInt8(ascii: "\\")
            && bytes[position + 1] == UInt8(ascii: "u")
        if (0xD800..<0xDC00).contains(first), hasOther {
            position += 2
            if let second = fourDigits(), (0xDC00..<0xE000).contains(second),
                let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
            {
                return scalar
            }
        }
        throw error("this \\u is half a character", at: start)
    }

    private mutating func fourDigits() -> UInt32? {
        guard position + 4 <= bytes.count else { return nil }
        let digits = String(decoding: bytes[position..<position + 4], as: UTF8.self)
        guard digits.utf8.count == 4, digits.allSatisfy(\.isHexDigit), let number = UInt32(digits, radix: 16) else {
            return nil
        }
        position += 4
        return number
    }
}
