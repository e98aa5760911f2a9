internal import ChatSystem

/// Files of text that an operator names.
enum TextFile {
    /// More than anybody would write by hand, and no danger to memory.
    static let maximumBytes = 16_777_216

    /// Reads a whole file, with whatever line ends and byte-order mark it has.
    ///
    /// - Returns: Its text, each line ended by `\n`.
    /// - Throws: ``CommandFailure`` that names the file and says why not.
    static func read(_ path: String) throws(CommandFailure) -> String {
        let bytes: [UInt8]?
        do throws(SystemError) {
            bytes = try File.read(path, maximumBytes: maximumBytes, waits: true)
        } catch {
            throw CommandFailure("\(path): \(error.reason)")
        }
        guard let bytes else { throw CommandFailure("\(path): there is no such file") }
        guard let text = EditedText(bytes).text else { throw CommandFailure("\(path): not UTF-8 text") }
        return text
    }
}
