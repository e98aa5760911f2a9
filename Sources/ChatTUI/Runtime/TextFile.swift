internal import Glibc

/// Files of text that an operator names.
enum TextFile {
    /// More than anybody would write by hand, and no danger to memory.
    static let maximumBytes = 16_777_216

    /// Reads a whole file.
    ///
    /// - Throws: ``CommandFailure`` that names the file and says why not.
    static func read(_ path: String) throws(CommandFailure) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw CommandFailure("\(path): \(SystemError("open").reason)") }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count == 0 { break }
            guard count > 0 else {
                if errno == EINTR { continue }
                throw CommandFailure("\(path): \(SystemError("read").reason)")
            }
            bytes += chunk.prefix(count)
            guard bytes.count <= maximumBytes else { throw CommandFailure("\(path): too large") }
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CommandFailure("\(path): not UTF-8 text")
        }
        return text
    }
}
