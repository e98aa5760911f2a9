internal import ChatSystem

/// Text files that an operator names.
enum TextFile {
    /// The largest file that is read, in bytes: more than anybody writes by hand, and no danger to memory.
    static let maximumBytes = 16_777_216

    /// Reads a whole file, with any line endings, with or without a byte-order mark.
    ///
    /// - Returns: Its text, each line ended by `\n`.
    /// - Throws: ``CommandFailure`` with the file and the reason.
    static func read(_ path: String) throws(CommandFailure) -> String {
        let bytes: [UInt8]?
        do throws(SystemError) {
            bytes = try File.read(path, maximumBytes: maximumBytes)
        } catch {
            throw CommandFailure("\(path): \(error.reason)")
        }
        guard let bytes else { throw CommandFailure("\(path): there is no such file") }
        guard let text = EditedText(bytes).text else { throw CommandFailure("\(path): not UTF-8 text") }
        return text
    }
}
