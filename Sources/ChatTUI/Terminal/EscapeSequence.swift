internal import ChatInterface

/// An escape sequence that terminals send for keys, mouse, focus and paste.
///
/// It understands the forms of xterm and similar terminals, of rxvt and of the Linux console, and `CSI u`; for an arrow
/// both `ESC [ A` and `ESC O A`.
enum EscapeSequence {
    /// The meaning of a sequence.
    enum Meaning: Hashable {
        /// An event for the interface.
        case event(TerminalEvent)
        /// The start of a paste.
        case pasteStart
        /// Nothing that matters to us.
        case nothing

        /// The event, if the meaning is one.
        var event: TerminalEvent? {
            if case .event(let event) = self { event } else { nil }
        }

        static func key(_ key: KeyPress.Key, _ modifiers: KeyPress.Modifiers = []) -> Meaning {
            .event(.key(KeyPress(key, modifiers)))
        }
    }

    /// The result of reading.
    enum Result: Hashable {
        /// A complete sequence of this many bytes.
        case complete(Int, Meaning)
        /// The beginning of a sequence.
        case incomplete
        /// Not a sequence.
        case none
    }

    /// How many lines one notch of the wheel scrolls.
    static let wheelLines = 3

    /// Reads the sequence at the beginning of the bytes.
    ///
    /// - Parameter bytes: Input that starts with an Escape.
    static func read(_ bytes: ArraySlice<UInt8>) -> Result {
        var reader = Reader(bytes: bytes.dropFirst(), count: 1)
        switch reader.next() {
        case UInt8(ascii: "["): return controlSequence(&reader)
        case UInt8(ascii: "O"): return singleShift(&reader)
        case nil: return .incomplete
        default: return .none
        }
    }

    /// A position in the bytes that counts what has been read.
    private struct Reader {
        var bytes: ArraySlice<UInt8>
        var count: Int

        mutating func next() -> UInt8? {
            guard let byte = bytes.popFirst() else { return nil }
            count += 1
            return byte
        }
    }

    // MARK: - SS3

    private static func singleShift(_ reader: inout Reader) -> Result {
        guard var byte = reader.next() else { return .incomplete }
        var modifiers: KeyPress.Modifiers = []
        if (UInt8(ascii: "2")...UInt8(ascii: "8")).contains(byte) {
            modifiers = Self.modifiers(Int(byte - UInt8(ascii: "0")))
            guard let final = reader.next() else { return .incomplete }
            byte = final
        }
        if let key = letterKey(byte) { return .complete(reader.count, .key(key, modifiers)) }
        switch byte {
        // rxvt sends Ctrl with an arrow as a lower-case letter.
        case UInt8(ascii: "a")...UInt8(ascii: "d"):
            guard let key = letterKey(byte - 0x20) else { return .none }
            return .complete(reader.count, .key(key, modifiers.union(.control)))
        case UInt8(ascii: "M"): return .complete(reader.count, .key(.enter, modifiers))
        // The keypad in application mode sends its characters 0x40 higher.
        case UInt8(ascii: "j")...UInt8(ascii: "y"):
            return .complete(reader.count, .key(.character(Character(Unicode.Scalar(byte - 0x40))), modifiers))
        default: return .none
        }
    }

    private static func letterKey(_ byte: UInt8) -> KeyPress.Key? {
        switch byte {
        case UInt8(ascii: "A"): .up
        case UInt8(ascii: "B"): .down
        case UInt8(ascii: "C"): .right
        case UInt8(ascii: "D"): .left
        case UInt8(ascii: "F"): .end
        case UInt8(ascii: "H"): .home
        case UInt8(ascii: "P")...UInt8(ascii: "S"): .function(Int(byte - UInt8(ascii: "P")) + 1)
        default: nil
        }
    }

    // MARK: - CSI

    private static func controlSequence(_ reader: inout Reader) -> Result {
        var parameters: [UInt8] = []
        while let byte = reader.next() {
            switch byte {
            case UInt8(ascii: "[") where parameters.isEmpty:
                // The Linux console's F1 to F5.
                guard let final = reader.next() else { return .incomplete }
                guard (UInt8(ascii: "A")...UInt8(ascii: "E")).contains(final) else { return .none }
                return .complete(reader.count, .key(.function(Int(final - UInt8(ascii: "A")) + 1)))
            case UInt8(ascii: "M") where parameters.isEmpty:
                return oldMouse(&reader)
            // rxvt ends a shifted key with a dollar sign.
            case UInt8(ascii: "$") where !parameters.isEmpty:
                return .complete(reader.count, meaning(of: byte, parameters))
            case 0x20...0x3F: parameters.append(byte)
            case 0x40...0x7E: return .complete(reader.count, meaning(of: byte, parameters))
            default: return .none
            }
        }
        return .incomplete
    }

    private static func meaning(of final: UInt8, _ parameters: [UInt8]) -> Meaning {
        if parameters.first == UInt8(ascii: "<") {
            return mouse(numbers(parameters.dropFirst()), isPress: final == UInt8(ascii: "M"))
        }
        let numbers = numbers(parameters[...])
        let first = numbers.first?.first ?? 0
        let second = numbers.dropFirst().first ?? []
        // Some terminals also report when a key is released.
        if second.dropFirst().first == 3 { return .nothing }
        let modifiers = modifiers(second.first ?? 1)

        switch final {
        case UInt8(ascii: "~"): return tilde(first, modifiers, numbers)
        case UInt8(ascii: "^"): return tilde(first, modifiers.union(.control), numbers)
        case UInt8(ascii: "$"): return tilde(first, modifiers.union(.shift), numbers)
        case UInt8(ascii: "@"): return tilde(first, modifiers.union([.control, .shift]), numbers)
        case UInt8(ascii: "Z"): return .key(.tab, modifiers.union(.shift))
        case UInt8(ascii: "u"): return character(first, modifiers)
        case UInt8(ascii: "I") where parameters.isEmpty: return .event(.focus(true))
        case UInt8(ascii: "O") where parameters.isEmpty: return .event(.focus(false))
        case UInt8(ascii: "a")...UInt8(ascii: "d") where parameters.isEmpty:
            return letterKey(final - 0x20).map { .key($0, .shift) } ?? .nothing
        // A report of the cursor's position looks like F3. It answers a request that we never send.
        case UInt8(ascii: "R") where first > 1: return .nothing
        default: return letterKey(final).map { .key($0, modifiers) } ?? .nothing
        }
    }

    private static func tilde(_ number: Int, _ modifiers: KeyPress.Modifiers, _ numbers: [[Int]]) -> Meaning {
        switch number {
        case 1, 7: .key(.home, modifiers)
        case 2: .key(.insert, modifiers)
        case 3: .key(.delete, modifiers)
        case 4, 8: .key(.end, modifiers)
        case 5: .key(.pageUp, modifiers)
        case 6: .key(.pageDown, modifiers)
        case 11...15: .key(.function(number - 10), modifiers)
        case 17...21: .key(.function(number - 11), modifiers)
        case 23...24: .key(.function(number - 12), modifiers)
        // xterm's other form of a modified character: 27;modifiers;code
        case 27: character(numbers.dropFirst(2).first?.first ?? 0, modifiers)
        case 200: .pasteStart
        default: .nothing
        }
    }

    /// The key for a character's number.
    private static func character(_ code: Int, _ modifiers: KeyPress.Modifiers) -> Meaning {
        switch code {
        case 9: return .key(.tab, modifiers)
        case 13: return .key(.enter, modifiers)
        case 27: return .key(.escape, modifiers)
        case 8, 127: return .key(.backspace, modifiers)
        default:
            // Lower numbers are other controls; the private numbers above belong to keys without a character.
            guard code >= 0x20, !(0x80..<0xA0).contains(code), !(0xE000...0xF8FF).contains(code),
                let value = UInt32(exactly: code), let scalar = Unicode.Scalar(value)
            else { return .nothing }
            let isLetter = scalar.properties.isAlphabetic
            if modifiers.contains(.control), isLetter {
                let lower = scalar.properties.lowercaseMapping
                return .key(.character(lower.first ?? Character(scalar)), modifiers)
            }
            return .key(.character(Character(scalar)), modifiers.subtracting(.shift))
        }
    }

    // MARK: - Mouse

    private static func mouse(_ numbers: [[Int]], isPress: Bool) -> Meaning {
        guard isPress, numbers.count == 3, let button = numbers[0].first,
            let column = numbers[1].first, let row = numbers[2].first
        else { return .nothing }
        return wheel(button, row: row - 1, column: column - 1)
    }

    /// The mouse report of older terminals: three bytes, each 32 higher than its value.
    private static func oldMouse(_ reader: inout Reader) -> Result {
        guard let button = reader.next(), let column = reader.next(), let row = reader.next() else {
            return .incomplete
        }
        return .complete(reader.count, wheel(Int(button) - 32, row: Int(row) - 33, column: Int(column) - 33))
    }

    private static func wheel(_ button: Int, row: Int, column: Int) -> Meaning {
        // Bits 2 to 4 are the modifier keys.
        switch button & ~0b1_1100 {
        case 64: .event(.wheel(lines: -wheelLines, row: max(0, row), column: max(0, column)))
        case 65: .event(.wheel(lines: wheelLines, row: max(0, row), column: max(0, column)))
        default: .nothing
        }
    }

    // MARK: - Parameters

    /// Numbers separated by semicolons, each with parts separated by colons.
    private static func numbers(_ bytes: ArraySlice<UInt8>) -> [[Int]] {
        guard !bytes.isEmpty else { return [] }
        return bytes.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false).map { field in
            field.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false).map { digits in
                // Read at most six digits: no valid number is larger, and the sum can't overflow.
                digits.prefix(6).reduce(0) { sum, digit in
                    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit)
                        ? sum * 10 + Int(digit - UInt8(ascii: "0")) : sum
                }
            }
        }
    }

    /// The modifiers; xterm sends one more than the bits for Shift, Alt, Control and Meta.
    private static func modifiers(_ parameter: Int) -> KeyPress.Modifiers {
        let bits = max(0, parameter - 1)
        var modifiers: KeyPress.Modifiers = []
        if bits & 1 != 0 { modifiers.insert(.shift) }
        if bits & 2 != 0 || bits & 8 != 0 { modifiers.insert(.alt) }
        if bits & 4 != 0 { modifiers.insert(.control) }
        return modifiers
    }
}
