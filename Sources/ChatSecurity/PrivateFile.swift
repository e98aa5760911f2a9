internal import Foundation

/// Why a file of keys, certificates or known servers can't be used.
public struct SecurityFileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file.
    public var path: String
    /// What is wrong with it; never its content.
    public var reason: String

    /// Creates an error.
    public init(path: String, reason: String) {
        self.path = path
        self.reason = reason
    }

    /// The line to show.
    public var description: String { "\(path): \(reason)" }
}

/// Files that only their owner may read.
enum PrivateFile {
    /// Writes a file whole or not at all, with mode 0600 from its first byte.
    static func write(_ text: String, to path: String) throws {
        let temporary = "\(path).\(getpid()).new"
        unlink(temporary)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure(path) }
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else {
                let error = failure(path)
                close(descriptor)
                unlink(temporary)
                throw error
            }
            bytes = bytes.dropFirst(count)
        }
        let synced = fsync(descriptor)
        close(descriptor)
        guard synced == 0, rename(temporary, path) == 0 else {
            let error = failure(path)
            unlink(temporary)
            throw error
        }
    }

    /// Reads a text file, or nil where there is none.
    static func read(_ path: String) throws -> String? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw SecurityFileError(path: path, reason: "can't be read")
        }
        return String(decoding: data, as: UTF8.self)
    }

    private static func failure(_ path: String) -> SecurityFileError {
        SecurityFileError(path: path, reason: String(cString: strerror(errno)))
    }
}
