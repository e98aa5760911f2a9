internal import ChatInterface

/// The keys that send a single control byte.
enum ControlKey {
    static func press(for byte: UInt8) -> KeyPress? {
        switch byte {
        case 0x00: KeyPress(.character(" "), .control)
        // Some terminals send Ctrl-H for Backspace; on the way through others, a return becomes Ctrl-J.
        case 0x08, 0x7F: KeyPress(.backspace)
        case 0x09: KeyPress(.tab)
        case 0x0A, 0x0D: KeyPress(.enter)
        case 0x01...0x1A: KeyPress(.character(Character(Unicode.Scalar(byte + 0x60))), .control)
        case 0x1B: KeyPress(.escape)
        case 0x1C...0x1F: KeyPress(.character(Character(Unicode.Scalar(byte + 0x40))), .control)
        default: nil
        }
    }
}
