/// Writes a message as bytes, part by part, in the order in which it is sent.
///
/// This is the server's busiest code. Room for each part is reserved first; then its bytes are written without any
/// check in between.
struct ByteSink {
    var bytes: [UInt8] = []
    /// Whether original clients read the message, see ``UnframedNickname``.
    var isForOriginal = false
    private var hasParameters = false

    /// Starts the message.
    mutating func begin(_ reason: String) {
        bytes.append(addingCapacity: reason.utf8.count + 1) { output in
            output.append(reason)
            output.append(UInt8(ascii: ","))
        }
    }

    /// Adds a parameter; the protocol's own keys need no escaping.
    mutating func parameter(_ key: String, _ value: String) {
        let isPadded = isForOriginal && UnframedNickname.isPadded(value)
        write(key, 2 * value.utf8.count + 1) { output in output.append(escaping: value, isPadded: isPadded) }
    }

    /// Adds a parameter whose value is a number.
    mutating func parameter(_ key: String, _ value: Int64) {
        write(key, OutputSpan<UInt8>.digits) { output in output.append(decimal: value) }
    }

    mutating func parameter(_ key: String, _ value: Int) { parameter(key, Int64(value)) }

    mutating func parameter(_ key: String, _ value: Bool) { parameter(key, value ? "1" : "0") }

    /// Adds a parameter whose key is a word followed by a number.
    mutating func parameter(_ key: String, _ index: Int, _ value: String) {
        bytes.append(addingCapacity: key.utf8.count + OutputSpan<UInt8>.digits + 2 * value.utf8.count + 3) { output in
            if hasParameters { output.append(UInt8(ascii: ";")) }
            output.append(key)
            output.append(decimal: Int64(index))
            output.append(UInt8(ascii: "="))
            output.append(escaping: value, isPadded: isForOriginal && UnframedNickname.isPadded(value))
        }
        hasParameters = true
    }

    /// Adds a parameter whose value is a time.
    mutating func parameter(_ key: String, _ value: WireTime) {
        write(key, WireTime.encodedCount) { output in value.append(to: &output) }
    }

    /// Ends the message.
    mutating func end(_ content: String) {
        bytes.append(addingCapacity: content.utf8.count + 1) { output in
            output.append(UInt8(ascii: ","))
            output.append(content)
        }
    }

    /// Writes a key and a value of at most the given number of bytes.
    @inline(__always)
    private mutating func write(_ key: String, _ valueBytes: Int, _ value: (inout OutputSpan<UInt8>) -> Void) {
        bytes.append(addingCapacity: key.utf8.count + valueBytes + 2) { output in
            if hasParameters { output.append(UInt8(ascii: ";")) }
            output.append(key)
            output.append(UInt8(ascii: "="))
            value(&output)
        }
        hasParameters = true
    }
}

extension OutputSpan<UInt8> {
    /// The most bytes that a number takes.
    static var digits: Int { 20 }

    /// Appends the bytes of a text.
    @inline(__always)
    mutating func append(_ text: String) {
        let view = text.utf8Span
        let span = view.span
        for index in span.indices { append(span[index]) }
    }

    /// Appends a text with a `/` before each of the four characters that have a meaning in the header.
    ///
    /// A space may follow it, see ``UnframedNickname``.
    @inline(__always)
    mutating func append(escaping text: String, isPadded: Bool) {
        let view = text.utf8Span
        let span = view.span
        for index in span.indices {
            let byte = span[index]
            switch byte {
            case UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "="), UInt8(ascii: "/"):
                append(UInt8(ascii: "/"))
            default: break
            }
            append(byte)
        }
        if isPadded { append(UInt8(ascii: " ")) }
    }

    /// Appends a number in decimal digits.
    mutating func append(decimal number: Int64) {
        if number < 0 { append(UInt8(ascii: "-")) }
        // Start from the last digit: dividing by a constant is cheap.
        var digits = InlineArray<20, UInt8>(repeating: 0)
        var count = 0
        var rest = number.magnitude
        repeat {
            digits[count] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
            count += 1
        } while rest > 0
        while count > 0 {
            count -= 1
            append(digits[count])
        }
    }
}
