internal import ChatSystem
internal import Glibc

/// Writes many lines to standard output, and notices when writing fails.
struct LineOutput {
    private var bytes: [UInt8] = []

    /// Adds a line.
    mutating func write(_ line: String) throws(CommandFailure) {
        bytes.append(contentsOf: line.utf8)
        bytes.append(UInt8(ascii: "\n"))
        if bytes.count >= 65_536 { try flush() }
    }

    /// Writes the lines that are still buffered.
    mutating func flush() throws(CommandFailure) {
        guard OpenFile.writeAll(bytes, to: STDOUT_FILENO) else {
            throw CommandFailure("can't write: \(SystemError("write").reason)")
        }
        bytes.removeAll(keepingCapacity: true)
    }
}
