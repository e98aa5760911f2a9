internal import ChatSystem
internal import Glibc

/// Keeps a second server out of a data directory, as long as this object lives.
///
/// The kernel holds the lock and releases it whenever and however the process ends, so nothing has to be cleaned up
/// after a crash.
final class DataDirectoryLock: Sendable {
    private let file: OpenFile

    /// Locks a directory that exists.
    ///
    /// - Throws: ``StorageError/inUse(path:processID:)`` if another server has locked it, in this process or another.
    init(_ directory: DataDirectory) throws(StorageError) {
        let isLocked: Bool
        do throws(SystemError) {
            file = try OpenFile(opening: directory.lockPath, O_RDWR | O_CREAT | O_NOFOLLOW)
            isLocked = try file.tryLock()
        } catch {
            throw StorageError(error, at: directory.lockPath)
        }
        guard isLocked else { throw .inUse(path: directory.path, processID: Self.processID(in: file)) }
        // The process id is only for the error message above; what counts is the lock.
        _ = ftruncate(file.number, 0)
        try? file.writeAll(Array("\(getpid())\n".utf8))
    }

    private static func processID(in file: borrowing OpenFile) -> Int32? {
        let digits = (try? file.readAll(maximumBytes: 32))?.prefix {
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
        }
        return digits.flatMap { Int32(String(decoding: $0, as: UTF8.self)) }
    }
}
