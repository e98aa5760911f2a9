internal import ChatProtocol
internal import ChatSystem
internal import Glibc

/// Reads a new password from the terminal or from standard input.
///
/// Never from an argument, because every user of the machine can see those.
enum PasswordPrompt {
    /// Asks twice without showing what is typed; if standard input is not a terminal, reads its first line.
    ///
    /// - Throws: ``CommandFailure`` if there is no password, or if it is too short or too long.
    static func newPassword(for nickname: String) throws(CommandFailure) -> String {
        guard isatty(STDIN_FILENO) == 1 else { return try checked(readInput()) }
        let first = try checked(ask("New password for \(SafeText(line: nickname)): "))
        let second = try ask("Once more: ")
        guard first == second else { throw CommandFailure("the two passwords differ; nothing is changed") }
        return first
    }

    private static func checked(_ line: String?) throws(CommandFailure) -> String {
        guard let line, !line.isEmpty else { throw CommandFailure("a password is needed; nothing is changed") }
        guard line.count >= Limits.passwordMinimumCharacters else {
            throw CommandFailure(
                "the password is shorter than \(Limits.passwordMinimumCharacters) characters; nothing is changed"
            )
        }
        guard line.utf8.count <= Limits.passwordBytes else {
            throw CommandFailure("the password is longer than \(Limits.passwordBytes) bytes")
        }
        guard line.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }) else {
            throw CommandFailure("the password holds a control character")
        }
        return line
    }

    private static func ask(_ prompt: String) throws(CommandFailure) -> String? {
        var before = termios()
        guard tcgetattr(STDIN_FILENO, &before) == 0 else {
            throw CommandFailure("the terminal does not answer: \(SystemError("tcgetattr").reason)")
        }
        var silent = before
        silent.c_lflag &= ~tcflag_t(ECHO)
        // Read Ctrl-C as a character, so that the process does not end while the terminal hides what is typed.
        silent.c_lflag &= ~tcflag_t(ISIG)
        silent.c_cc.11 = interrupt
        // Hide the input before asking: what is typed right away must neither be shown nor dropped by the change of
        // mode.
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent)
        OpenFile.writeAll(Array(prompt.utf8), to: STDERR_FILENO)
        let typed = readLine(through: interrupt)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &before)
        OpenFile.writeAll(Array("\n".utf8), to: STDERR_FILENO)
        if typed?.last == interrupt { throw CommandFailure("cancelled; nothing is changed") }
        return try text(typed)
    }

    private static func readInput() throws(CommandFailure) -> String? {
        guard var line = readLine() else { return nil }
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        return try text(line)
    }

    /// Reads to the end of the line, or to a byte that ends it as well.
    private static func readLine(through last: UInt8? = nil) -> [UInt8]? {
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while read(STDIN_FILENO, &byte, 1) == 1, byte != UInt8(ascii: "\n") {
            line.append(byte)
            if byte == last { break }
        }
        return line.isEmpty && byte != UInt8(ascii: "\n") ? nil : line
    }

    /// The text of a line; other bytes must not be replaced by a character that nobody typed.
    private static func text(_ line: [UInt8]?) throws(CommandFailure) -> String? {
        guard let line else { return nil }
        guard let text = String(validating: line, as: UTF8.self) else {
            throw CommandFailure("the password is not UTF-8 text; nothing is changed")
        }
        return text
    }

    /// The byte that Ctrl-C sends.
    private static let interrupt: UInt8 = 3
}
