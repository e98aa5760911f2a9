/// The keys and values of a message, unescaped, in the order in which they are sent.
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

    /// All pairs as written, including repeated keys.
    public var pairs: [Pair]

    /// Creates parameters from pairs.
    public init(_ pairs: [Pair] = []) {
        self.pairs = pairs
    }

    /// The value of a key; if the key is repeated, the last one wins.
    public subscript(key: String) -> String? {
        pairs.last { $0.key == key }?.value
    }
}

extension Parameters {
    /// How many bytes a text takes after escaping.
    static func escapedCount(_ text: String) -> Int {
        text.utf8.reduce(0) { count, byte in
            switch byte {
            case UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "="), UInt8(ascii: "/"): count + 2
            default: count + 1
            }
        }
    }
}
