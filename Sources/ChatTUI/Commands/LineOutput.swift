internal import Glibc

/// Writes many lines to standard output, and notices where that fails.
struct LineOutput {
    private var bytes: [UInt8] = []

    /// Adds a line.
    mutating func write(_ line: String) throws(CommandFailure) {
        bytes.append(contentsOf: line.utf8)
        bytes.append(UInt8(ascii: "\n"))
        if bytes.count >= 65_536 { try flush() }
    }

    /// Writes what is left.
    mutating func flush() throws(CommandFailure) {
        var start = 0
        while start < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.write(STDOUT_FILENO, buffer.baseAddress.map { $0 + start }, buffer.count - start)
            }
            if count > 0 {
                start += count
            } else if errno != EINTR {
                throw CommandFailure("can't write: \(SystemError("write").reason)")
            }
        }
        bytes.removeAll(keepingCapacity: true)
    }
}
