/// Writes a message as bytes, part by part in the order of the wire.
///
/// The server's busiest piece of code: every part is written in one go into
/// room that was made for it, byte by byte but with nothing to check in between.
struct ByteSink {
    var bytes: [UInt8] = []
    /// Whether original clients read it: see ``UnframedNickname``.
    var isForOriginal = false
    private var hasParameters = false

    /// Starts the message.
    mutating func begin(_ reason: String) {
        bytes.append(addingCapacity: reason.utf8.count + 1) { output in
            output.append(reason)
            output.append(UInt8(ascii: ","))
        }
    }

    /// Adds a parameter; keys of the protocol need no escaping.
    mutating func parameter(_ key: String, _ value: String) {
        let isPadded = isForOriginal && UnframedNickname.isPadded(value)
        write(key, 2 * value.utf8.count + 1) { output in output.append(escaping: value, isPadded: isPadded) }
    }

    /// Adds a parameter that is a number.
    mutating func parameter(_ key: String, _ value: Int64) {
        write(key, OutputSpan<UInt8>.digits) { output in output.append(decimal: value) }
    }

    mutating func parameter(_ key: String, _ value: Int) { parameter(key, Int64(value)) }

    mutating func parameter(_ key: String, _ value: Bool) { parameter(key, value ? "1" : "0") }

    /// Adds a parameter whose key is a word and a number.
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

    /// Adds the time.
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

    /// Writes a key and a value of at most so many bytes.
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
    /// The most bytes of a number.
    static var digits: Int { 20 }

    /// Appends the bytes of a text.
    @inline(__always)
    mutating func append(_ text: String) {
        let view = text.utf8Span
        let span = view.span
        for index in span.indices { append(span[index]) }
    }

    /// Appends a text with a `/` before each of the four characters that mean
    /// something to the header, and perhaps a space after it.
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
        // From the last digit to the first: dividing by a constant is cheap.
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
