/// Decodes the bytes of typed or pasted text.
///
/// Valid UTF-8 is always read as such, because terminals send it even if the locale is `C`. Only bytes that are not
/// valid UTF-8 are read by the locale.
struct TypedText {
    /// The character for each byte, if the locale has one byte per character; empty in any other locale, nil for a byte
    /// without a character.
    let singleBytes: [Character?]

    /// Decodes bytes.
    ///
    /// - Returns: The text, with `�` for what can't be read, and whether everything could be read.
    func read(_ bytes: some Collection<UInt8>) -> (text: String, isComplete: Bool) {
        if let text = String(validating: bytes, as: UTF8.self) { return (text, true) }
        var text = ""
        var isComplete = true
        var rest = Array(bytes)[...]
        var parser = UTF8.ForwardParser()
        var source = rest.makeIterator()
        while true {
            switch parser.parseScalar(from: &source) {
            case .emptyInput:
                return (text, isComplete)
            case .valid(let scalar):
                rest = rest.dropFirst(scalar.count)
                text.unicodeScalars.append(UTF8.decode(scalar))
            case .error(let length):
                let characters = rest.prefix(length).map { byte in
                    singleBytes.indices.contains(Int(byte)) ? singleBytes[Int(byte)] : nil
                }
                if characters.contains(nil) {
                    isComplete = false
                    text += "\u{FFFD}"
                } else {
                    text += String(characters.compactMap(\.self))
                }
                rest = rest.dropFirst(length)
            }
        }
    }

    /// How many bytes at the end are an incomplete UTF-8 sequence.
    static func incompleteTail(of bytes: ArraySlice<UInt8>) -> Int {
        for (index, byte) in bytes.reversed().prefix(3).enumerated() where byte & 0xC0 != 0x80 {
            let length =
                switch byte {
                case 0xC2...0xDF: 2
                case 0xE0...0xEF: 3
                case 0xF0...0xF4: 4
                default: 1
                }
            return length > index + 1 ? index + 1 : 0
        }
        return 0
    }
}
