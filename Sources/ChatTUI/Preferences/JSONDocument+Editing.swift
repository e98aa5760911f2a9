extension JSONDocument {
    /// Sets a key of the top-level object to a text.
    ///
    /// Only the bytes of that value change. A new key is added after the last one, in the same layout.
    ///
    /// - Throws: ``JSONError`` if the document is not an object.
    mutating func set(_ key: String, to text: String) throws(JSONError) {
        guard let members else {
            throw JSONError(position: position(of: root.range.lowerBound), reason: "an object { … } has to be here")
        }
        let value = Self.quoted(text)
        var edited = bytes
        if let member = members.first(where: { $0.key == key }) {
            edited.replaceSubrange(member.node.range, with: value)
        } else if let last = members.last {
            let separator = Array(bytes[last.keyRange.upperBound..<last.node.range.lowerBound])
            let addition = [UInt8(ascii: ",")] + space(before: members) + Self.quoted(key) + separator + value
            edited.insert(contentsOf: addition, at: last.node.range.upperBound)
        } else {
            let object = Array("{\n  ".utf8) + Self.quoted(key) + Array(": ".utf8) + value + Array("\n}".utf8)
            edited.replaceSubrange(root.range, with: object)
        }
        self = try JSONDocument(edited)
    }

    /// The space to put before a new key, in the style of the file.
    private func space(before members: [Member]) -> [UInt8] {
        guard let last = members.last else { return [] }
        if members.count > 1 {
            let previous = members[members.count - 2].node.range.upperBound
            // Start after the comma, wherever it is.
            let between = bytes[previous..<last.keyRange.lowerBound]
            return between.firstIndex(of: UInt8(ascii: ",")).map { Array(between[($0 + 1)...]) } ?? []
        }
        let space = Array(bytes[(root.range.lowerBound + 1)..<last.keyRange.lowerBound])
        return space.isEmpty ? [UInt8(ascii: " ")] : space
    }

    /// Encodes a text as a JSON string.
    static func quoted(_ text: String) -> [UInt8] {
        var bytes = [UInt8(ascii: "\"")]
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": bytes += Array("\\\"".utf8)
            case "\\": bytes += Array("\\\\".utf8)
            case "\n": bytes += Array("\\n".utf8)
            case "\t": bytes += Array("\\t".utf8)
            case "\r": bytes += Array("\\r".utf8)
            case "\u{0}"..."\u{1F}", "\u{7F}":
                let digits = String(scalar.value, radix: 16)
                bytes += Array("\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)".utf8)
            default: bytes += Array(String(scalar).utf8)
            }
        }
        return bytes + [UInt8(ascii: "\"")]
    }
}
