/// The negotiated framing: `<decimal length in bytes>:<message>,`.
public enum Netstring {
    /// What the front of a buffer holds.
    public enum Scan: Hashable, Sendable {
        /// Not yet a whole netstring.
        case incomplete
        /// A whole netstring: where its payload lies, and where the next one starts.
        case frame(payload: Range<Int>, end: Int)
    }

    /// Looks for a netstring at the front of a buffer.
    ///
    /// The declared length is judged before anything waits for that many
    /// bytes, so a peer can't make the reader hold more than `limit`.
    ///
    /// - Parameters:
    ///   - bytes: What has arrived and is not yet consumed.
    ///   - limit: The longest payload to take, in bytes.
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
                // Seven digits and a payload under the limit can't overflow.
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

/// Why bytes are no netstring.
///
/// All are fatal: the reader can't find the next one.
public enum FramingError: Error, Hashable, Sendable {
    /// The first byte is not a digit.
    case missingLength
    /// A leading zero, something other than a digit, or too many digits.
    case invalidLength
    /// A declared length over the reader's limit.
    case tooLong(Int)
    /// The byte after the payload is not a comma.
    case missingComma
}
