/// The key-value part of a message, unescaped, in the order of the wire.
public struct Parameters: Hashable, Sendable {
    /// One key with its value.
    public struct Pair: Hashable, Sendable {
        /// The key, unescaped.
        public var key: String
        /// The value, unescaped.
        public var value: String

        /// Creates a pair.
        public init(key: String, value: String) {
            self.key = key
            self.value = value
        }
    }

    /// All pairs as written, repeated keys included.
    public var pairs: [Pair]

    /// Creates parameters from pairs.
    public init(_ pairs: [Pair] = []) {
        self.pairs = pairs
    }

    /// The value of a key: of a repeated key the last wins.
    public subscript(key: String) -> String? {
        pairs.last { $0.key == key }?.value
    }

    /// Adds a pair at the end.
    public mutating func append(_ key: String, _ value: String) {
        pairs.append(Pair(key: key, value: value))
    }
}

extension Parameters {
    /// Appends `text` with a `/` before each of the four characters that mean
    /// something to the header.
    static func escape(_ text: String, into bytes: inout [UInt8]) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "="), UInt8(ascii: "/"):
                bytes.append(UInt8(ascii: "/"))
            default: break
            }
            bytes.append(byte)
        }
    }

    /// How many bytes a text takes once escaped.
    static func escapedCount(_ text: String) -> Int {
        text.utf8.reduce(0) { count, byte in
            switch byte {
            case UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "="), UInt8(ascii: "/"): count + 2
            default: count + 1
            }
        }
    }
}
