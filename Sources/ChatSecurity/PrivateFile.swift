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

    /// The most that is read, in bytes.
    static let maximumBytes = 1_048_576

    /// Reads a text file, or nil where there is none.
    ///
    /// - Throws: ``SecurityFileError`` for a file that is there and can't be
    ///   read, is no UTF-8, or is larger than ``maximumBytes``.
    static func read(_ path: String) throws -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            // Everything else, a directory that may not be searched above all,
            // must not look like a file that was never written.
            if errno == ENOENT { return nil }
            throw failure(path)
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = chunk.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw failure(path) }
            guard count > 0 else { break }
            bytes += chunk.prefix(count)
            guard bytes.count <= maximumBytes else { throw SecurityFileError(path: path, reason: "is too large") }
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw SecurityFileError(path: path, reason: "is no text in UTF-8")
        }
        return text
    }

    /// Does something that no other process does to files of the directory at
    /// the same time, as long as it asks in this way too.
    static func whileLocking(directory: String, _ body: () throws -> Void) throws {
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(directory) }
        defer { close(descriptor) }
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else { throw failure(directory) }
        }
        try body()
    }

    private static func failure(_ path: String) -> SecurityFileError {
        SecurityFileError(path: path, reason: String(cString: strerror(errno)))
    }
}
