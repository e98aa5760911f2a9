/// The text of a paste whose end has not come yet.
struct PasteBuffer {
    /// How long the end of a paste is waited for, in milliseconds, from its start.
    static let patience: Int64 = 10_000
    /// So many bytes in that time are no typing: the paste goes on for another while.
    static let bytesPerPatience = 4096
    /// The longest paste in bytes; the rest of a longer one is dropped.
    static let maximumBytes = 1_048_576

    private static let end: [UInt8] = [0x1B] + Array("[201~".utf8)

    private(set) var bytes: [UInt8] = []
    /// Until when the end is waited for.
    ///
    /// Keys don't move it, or whoever presses them because nothing happens would
    /// wait for ever.
    private(set) var deadline: Int64
    private var recentBytes = 0

    init(at now: Int64) {
        deadline = now + Self.patience
    }

    /// Counts what came in, whatever it is.
    mutating func note(_ count: Int) {
        recentBytes += count
    }

    /// Whether nothing speaks for an end that is still to come.
    mutating func isLost(at now: Int64) -> Bool {
        guard now >= deadline else { return false }
        guard recentBytes >= Self.bytesPerPatience else { return true }
        recentBytes = 0
        deadline = now + Self.patience
        return false
    }

    /// Adds bytes up to the end of the paste.
    ///
    /// - Returns: How many bytes are used up, and whether the end is among them.
    mutating func append(upToEndIn input: ArraySlice<UInt8>) -> (count: Int, isEnded: Bool) {
        var from = input.startIndex
        while let escape = input[from...].firstIndex(of: 0x1B) {
            let mark = input[escape...].prefix(Self.end.count)
            if mark.elementsEqual(Self.end) {
                appendText(input[..<escape])
                return (escape + Self.end.count - input.startIndex, true)
            }
            if mark.endIndex == input.endIndex, Self.end.starts(with: mark) {
                // It may be the first half of the end.
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

    /// Terminals send a line break as CR, LF or both.
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
