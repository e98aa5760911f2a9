/// The text of a paste whose end has not arrived yet.
struct PasteBuffer {
    /// How long to wait for the end of a paste, in milliseconds from its start.
    static let patience: Int64 = 10_000
    /// If at least this many bytes arrive in that time, they are not typed by hand, and the wait for the end starts
    /// again.
    static let bytesPerPatience = 4096
    /// The longest paste in bytes; the rest of a longer one is dropped.
    static let maximumBytes = 1_048_576

    private static let end: [UInt8] = [0x1B] + Array("[201~".utf8)

    private(set) var bytes: [UInt8] = []
    /// Until when to wait for the end.
    ///
    /// Single keys don't extend it; otherwise a user who presses keys because nothing happens would wait forever.
    private(set) var deadline: Int64
    private var recentBytes = 0

    init(at now: Int64) {
        deadline = now + Self.patience
    }

    /// Counts bytes that have arrived, whatever they are.
    mutating func note(_ count: Int) {
        recentBytes += count
    }

    /// Whether the end of the paste can no longer be expected.
    mutating func isLost(at now: Int64) -> Bool {
        guard now >= deadline else { return false }
        guard recentBytes >= Self.bytesPerPatience else { return true }
        recentBytes = 0
        deadline = now + Self.patience
        return false
    }

    /// Adds bytes up to the end of the paste.
    ///
    /// - Returns: How many bytes were used, and whether the end was found.
    mutating func append(upToEndIn input: ArraySlice<UInt8>) -> (count: Int, isEnded: Bool) {
        var from = input.startIndex
        while let escape = input[from...].firstIndex(of: 0x1B) {
            let mark = input[escape...].prefix(Self.end.count)
            if mark.elementsEqual(Self.end) {
                appendText(input[..<escape])
                return (escape + Self.end.count - input.startIndex, true)
            }
            if mark.endIndex == input.endIndex, Self.end.starts(with: mark) {
                // This may be the first part of the end marker.
                appendText(input[..<escape])
                return (escape - input.startIndex, false)
            }
            from = escape + 1
        }
        appendText(input)
        return (input.count, false)
    }

    private mutating func appendText(_ input: ArraySlice<UInt8>) {
        bytes.append(contentsOf: input.prefix(max(0, Self.maximumBytes - bytes.count)))
    }

    /// The bytes with every line break as LF; terminals send CR, LF or both.
    var bytesWithLineFeeds: [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count)
        var wasReturn = false
        for byte in bytes {
            if byte == 0x0D {
                text.append(0x0A)
            } else if byte != 0x0A || !wasReturn {
                text.append(byte)
            }
            wasReturn = byte == 0x0D
        }
        return text
    }
}
