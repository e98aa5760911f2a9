extension Message {
    /// Reads one message; it must use all of the bytes.
    ///
    /// - Parameter bytes: One message, from its reason to the end of its content.
    /// - Throws: ``MessageError`` with the first fault and its place. If ``MessageError/isIncomplete`` is true, more
    ///   bytes may complete the message.
    public init(decoding bytes: Span<UInt8>) throws(MessageError) {
        try self.init(MessageHeader(decoding: bytes), contentOf: bytes)
    }

    /// Creates a message from a header at the front of the bytes; the content is the rest of them.
    init(_ header: MessageHeader, contentOf bytes: Span<UInt8>) throws(MessageError) {
        self.init(header)
        content = try MessageHeader.text(bytes, header.contentStart..<bytes.count)
    }

    /// Creates a message without content.
    init(_ header: MessageHeader) {
        self.init(reason: header.reason, parameters: header.parameters)
    }
}

/// A message up to its second unescaped comma.
struct MessageHeader {
    let reason: String
    private(set) var parameters = Parameters()
    /// The index of the content's first byte, after the comma.
    private(set) var contentStart = 0

    /// Reads the header at the front of the bytes.
    init(decoding bytes: Span<UInt8>) throws(MessageError) {
        let reasonEnd = try Self.reasonEnd(bytes)
        reason = try Self.text(bytes, 0..<reasonEnd)
        contentStart = try Self.readParameters(bytes, from: reasonEnd + 1, into: &parameters)
    }

    /// The index of the comma that ends the reason.
    static func reasonEnd(_ bytes: Span<UInt8>) throws(MessageError) -> Int {
        for index in 0..<min(bytes.count, Limits.reasonLetters + 1) {
            switch bytes[index] {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"):
                continue
            case UInt8(ascii: ",") where index > 0:
                return index
            default:
                throw MessageError(.invalidReason, at: index)
            }
        }
        guard bytes.count <= Limits.reasonLetters else {
            throw MessageError(.invalidReason, at: Limits.reasonLetters)
        }
        throw MessageError(.incompleteHeader, at: bytes.count)
    }

    /// Reads parameters up to the unescaped comma that ends them.
    ///
    /// - Returns: The index after that comma, where the content starts.
    private static func readParameters(
        _ bytes: Span<UInt8>,
        from first: Int,
        into parameters: inout Parameters
    ) throws(MessageError) -> Int {
        var start = first
        var equals: Int?
        var hasEscapes = false
        var index = first
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "/"):
                hasEscapes = true
                // The next character stands for itself, even a separator. Only the first byte of a longer character
                // could be mistaken for one, so skipping one byte is enough.
                index += 2
                continue
            case UInt8(ascii: "=") where equals == nil:
                equals = index
            case UInt8(ascii: ";"), UInt8(ascii: ","):
                let end = index
                if start < end {
                    guard let equals else {
                        _ = try text(bytes, start..<end)
                        throw MessageError(.parameterWithoutValue, at: start)
                    }
                    guard parameters.pairs.count < Limits.parameters else {
                        throw MessageError(.tooManyParameters, at: start)
                    }
                    let key = start..<equals
                    let value = equals + 1..<end
                    parameters.pairs.append(
                        hasEscapes
                            ? Parameters.Pair(key: try unescaped(bytes, key), value: try unescaped(bytes, value))
                            : Parameters.Pair(key: try text(bytes, key), value: try text(bytes, value))
                    )
                }
                if bytes[end] == UInt8(ascii: ",") { return end + 1 }
                start = end + 1
                equals = nil
                hasEscapes = false
            default:
                break
            }
            index += 1
        }
        // The part of the last parameter that is there may be faulty already.
        _ = try text(bytes, start..<bytes.count)
        throw MessageError(index > bytes.count ? .danglingEscape : .incompleteHeader, at: bytes.count)
    }

    /// The text of a part of a message.
    static func text(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(MessageError) -> String {
        do {
            return String(copying: try UTF8Span(validating: bytes.extracting(range)))
        } catch {
            let fault = range.lowerBound + error.byteOffsets.lowerBound
            let end = range.lowerBound + error.byteOffsets.upperBound
            let isCutOff = error.kind == .truncatedScalar && end == bytes.count
            throw MessageError(isCutOff ? .incompleteCharacter : .invalidUTF8, at: fault)
        }
    }

    /// The text of a part of the parameters, without its escapes.
    private static func unescaped(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(MessageError) -> String {
        // Check the text as written: without its slashes a broken sequence may look whole.
        let escaped = try text(bytes, range)
        var plain: [UInt8] = []
        plain.reserveCapacity(range.count)
        var index = range.lowerBound
        while index < range.upperBound {
            if bytes[index] == UInt8(ascii: "/"), index + 1 < range.upperBound { index += 1 }
            plain.append(bytes[index])
            index += 1
        }
        return plain.count == range.count ? escaped : String(decoding: plain, as: UTF8.self)
    }
}
