extension Span<UInt8> {
    /// How many bytes at the end are the start of an incomplete UTF-8 sequence.
    var unfinishedCharacterLength: Int {
        for length in 1...3 where length <= count {
            let byte = self[count - length]
            let whole =
                switch byte {
                case 0xC2...0xDF: 2
                case 0xE0...0xEF: 3
                case 0xF0...0xF4: 4
                default: 0
                }
            if whole > length { return length }
            guard (0x80...0xBF).contains(byte) else { return 0 }
        }
        return 0
    }

    /// How many bytes from an index on equal the first bytes of a text.
    func agreement(with text: String, at start: Int) -> Int {
        var length = 0
        for byte in text.utf8 {
            guard start + length < count, self[start + length] == byte else { break }
            length += 1
        }
        return length
    }
}

extension [UInt8] {
    /// Appends the bytes of a span.
    mutating func append(copying bytes: Span<UInt8>) {
        for index in bytes.indices { append(bytes[index]) }
    }
}
