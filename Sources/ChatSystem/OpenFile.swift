internal import Glibc

/// An open file, closed at the end of its lifetime.
public struct OpenFile: ~Copyable, Sendable {
    /// The file descriptor.
    public let number: Int32

    /// Opens a file; programs started meanwhile do not inherit it.
    ///
    /// - Parameters:
    ///   - flags: As for `open(2)`.
    ///   - mode: The permissions of a file that is created by this call.
    public init(opening path: String, _ flags: Int32, mode: UInt32 = 0o600) throws(SystemError) {
        number = try Self.number(opening: path, flags, mode: mode)
    }

    /// Opens a folder and locks it; waits while somebody else holds the lock.
    ///
    /// Use it to read, change and write a file without interference. The folder is locked because the file itself is
    /// replaced by a new one meanwhile.
    public init(locking folder: String) throws(SystemError) {
        let number = try Self.number(opening: folder, O_RDONLY | O_DIRECTORY)
        while flock(number, LOCK_EX) != 0 {
            if errno == EINTR { continue }
            let error = SystemError("flock")
            close(number)
            throw error
        }
        self.number = number
    }

    private static func number(opening path: String, _ flags: Int32, mode: UInt32 = 0) throws(SystemError) -> Int32 {
        while true {
            let number = open(path, flags | O_CLOEXEC, mode)
            if number >= 0 { return number }
            guard errno == EINTR else { throw SystemError("open") }
        }
    }

    /// Creates an empty file that only its owner may use; its name starts with `path`.
    static func temporary(beside path: String) throws(SystemError) -> (path: String, number: Int32) {
        var template = Array("\(path).XXXXXX".utf8CString)
        let number = mkstemp(&template)
        guard number >= 0 else { throw SystemError("mkstemp") }
        _ = fcntl(number, F_SETFD, FD_CLOEXEC)
        return (String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self), number)
    }

    /// Owns a descriptor that is open already, and closes it in the end.
    init(owning number: Int32) {
        self.number = number
    }

    deinit {
        close(number)
    }

    /// Reads to the end of the file.
    ///
    /// - Throws: ``SystemError``, with `EFBIG` if there are more than `maximumBytes`.
    public func readAll(maximumBytes: Int) throws(SystemError) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(number, &chunk, chunk.count)
            if count == 0 { return bytes }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw SystemError("read") }
            bytes += chunk.prefix(count)
            guard bytes.count <= maximumBytes else { throw SystemError("read", number: EFBIG) }
        }
    }

    /// Writes all bytes.
    public func writeAll(_ bytes: [UInt8]) throws(SystemError) {
        let isWritten = bytes.withUnsafeBytes { Self.writeAll($0, to: number) }
        guard isWritten else { throw SystemError("write") }
    }

    /// Writes all bytes to a descriptor that somebody else owns.
    ///
    /// Allocates no memory, so a signal handler may call it.
    ///
    /// - Returns: Whether everything was written; if not, `errno` says why.
    public static func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Bool {
        guard var next = bytes.baseAddress else { return true }
        var rest = bytes.count
        while rest > 0 {
            let count = write(descriptor, next, rest)
            if count > 0 {
                next += count
                rest -= count
            } else if count == 0 || errno != EINTR {
                return false
            }
        }
        return true
    }

    /// Writes all bytes to a descriptor that somebody else owns.
    ///
    /// - Returns: Whether everything was written; if not, `errno` says why.
    @discardableResult
    public static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        bytes.withUnsafeBytes { writeAll($0, to: descriptor) }
    }

    /// Waits until the file's content is on the disk.
    public func synchronize() throws(SystemError) {
        guard fsync(number) == 0 else { throw SystemError("fsync") }
    }

    /// Locks the file until it is closed, unless somebody else has locked it.
    ///
    /// - Returns: False if somebody else has locked it.
    public func tryLock() throws(SystemError) -> Bool {
        if flock(number, LOCK_EX | LOCK_NB) == 0 { return true }
        guard errno == EWOULDBLOCK else { throw SystemError("flock") }
        return false
    }
}
