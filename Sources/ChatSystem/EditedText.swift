/// The text of a file that people edit.
///
/// Some editors add a byte-order mark or use other line endings. ``utf8`` leaves them out; ``bytes`` restores them.
public struct EditedText: Hashable, Sendable {
    /// The text without a byte-order mark, each line ended by `\n`.
    public var utf8: [UInt8] = []
    private var hasByteOrderMark = false
    private var lineEnd = "\n"

    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// Creates an empty text.
    public init() {}

    /// Reads the bytes of a file.
    public init(_ bytes: [UInt8]) {
        hasByteOrderMark = bytes.starts(with: Self.byteOrderMark)
        utf8.reserveCapacity(bytes.count)
        var lineEnds: Set<String> = []
        var previous: UInt8 = 0
        for byte in bytes.dropFirst(hasByteOrderMark ? Self.byteOrderMark.count : 0) {
            if previous == UInt8(ascii: "\r") { lineEnds.insert(byte == UInt8(ascii: "\n") ? "\r\n" : "\r") }
            switch (previous, byte) {
            case (UInt8(ascii: "\r"), UInt8(ascii: "\n")): break
            case (_, UInt8(ascii: "\r")): utf8.append(UInt8(ascii: "\n"))
            case (_, UInt8(ascii: "\n")):
                lineEnds.insert("\n")
                utf8.append(byte)
            default: utf8.append(byte)
            }
            previous = byte
        }
        if previous == UInt8(ascii: "\r") { lineEnds.insert("\r") }
        if let lineEnd = lineEnds.first, lineEnds.count == 1 { self.lineEnd = lineEnd }
    }

    /// The text as a string; nil if it is not valid UTF-8.
    public var text: String? { String(validating: utf8, as: UTF8.self) }

    /// The text as a file: with a byte-order mark if there was one, and with the original line endings, or `\n` if they
    /// were mixed.
    public var bytes: [UInt8] {
        let mark = hasByteOrderMark ? Self.byteOrderMark : []
        return mark + utf8.flatMap { $0 == UInt8(ascii: "\n") ? Array(lineEnd.utf8) : [$0] }
    }
}
