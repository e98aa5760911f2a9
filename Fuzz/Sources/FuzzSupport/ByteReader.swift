/// Reads choices from a fuzzer's input, front to back; zeros follow its end.
public struct ByteReader {
    private let bytes: [UInt8]
    private var position = 0

    /// Creates a reader of what libFuzzer hands in.
    public init(_ start: UnsafePointer<UInt8>?, _ count: Int) {
        bytes = Array(UnsafeBufferPointer(start: start, count: count))
    }

    /// Whether every byte has been read.
    public var isAtEnd: Bool { position == bytes.count }

    /// The next byte.
    public mutating func byte() -> UInt8 {
        guard !isAtEnd else { return 0 }
        defer { position += 1 }
        return bytes[position]
    }

    /// Everything that is left.
    public mutating func rest() -> [UInt8] {
        defer { position = bytes.count }
        return Array(bytes[position...])
    }

    /// A number from 0 up.
    public mutating func number(below bound: Int) -> Int {
        let high = bound > 256 ? Int(byte()) << 8 : 0
        return (high | Int(byte())) % bound
    }

    /// Yes or no.
    public mutating func flag() -> Bool {
        byte() & 1 == 1
    }

    /// True once in so many times.
    public mutating func isOne(in times: Int) -> Bool {
        number(below: times) == 1
    }

    /// One of several.
    public mutating func pick<Choice>(_ choices: [Choice]) -> Choice {
        choices[number(below: choices.count)]
    }

    /// A small number mostly, now and then one that is apt to overflow.
    public mutating func hostileNumber() -> Int64 {
        let byte = byte()
        switch byte {
        case 255: return .max
        case 254: return .max - 1
        case 253: return .min
        case 252: return Int64(Int32.max)
        case 251: return Int64(Int32.min)
        case 250: return -1
        default: return Int64(byte)
        }
    }
}
