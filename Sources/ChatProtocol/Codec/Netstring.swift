/// The negotiated framing, `<decimal length in bytes>:<message>,`.
public enum Netstring {
    /// The result of looking for a netstring at the front of a buffer.
    public enum Scan: Hashable, Sendable {
        /// The netstring is not complete yet.
        case incomplete
        /// A whole netstring: the range of its payload, and where the next one starts.
        case frame(payload: Range<Int>, end: Int)
    }

    /// Looks for a netstring at the front of a buffer.
    ///
    /// The declared length is checked before anything waits for that many bytes, so a peer can't make the reader hold
    /// more than `limit`.
    ///
    /// - Parameters:
    ///   - bytes: The bytes that have arrived and are not handled yet.
    ///   - limit: The longest payload to accept, in bytes.
    /// - Returns: The frame, or that more bytes are needed.
    /// - Throws: ``FramingError``; the stream is then out of step for good.
    public static func scan(_ bytes: Span<UInt8>, limit: Int) throws(FramingError) -> Scan {
        var length = 0
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: ":") {
                guard index > 0 else { throw .missingLength }
                guard length <= limit else { throw .tooLong(length) }
                // This can't overflow: the length has at most seven digits, and the payload is under the limit.
                let end = index + 1 + length
                guard end < bytes.count else { return .incomplete }
                guard bytes[end] == UInt8(ascii: ",") else { throw .missingComma }
                return .frame(payload: index + 1..<end, end: end + 1)
            }
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else {
                throw index == 0 ? .missingLength : .invalidLength
            }
            guard index < Limits.netstringLengthDigits else { throw .invalidLength }
            guard !(index == 1 && length == 0) else { throw .invalidLength }
            length = length * 10 + Int(byte - UInt8(ascii: "0"))
            index += 1
        }
        return .incomplete
    }

    /// Appends `payload` as a netstring.
    public static func encode(_ payload: [UInt8], into bytes: inout [UInt8]) {
        bytes.append(contentsOf: String(payload.count).utf8)
        bytes.append(UInt8(ascii: ":"))
        bytes.append(contentsOf: payload)
        bytes.append(UInt8(ascii: ","))
    }
}

/// Why bytes are not a netstring.
///
/// All of these are fatal: the reader can't find the next netstring.
public enum FramingError: Error, Hashable, Sendable {
    /// The first byte is not a digit.
    case missingLength
    /// The length has a leading zero, something other than a digit, or too many digits.
    case invalidLength
    /// The declared length is over the reader's limit.
    case tooLong(Int)
    /// The byte after the payload is not a comma.
    case missingComma
}
