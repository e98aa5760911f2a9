internal import ChatSystem
internal import Glibc

/// Keeps a second server out of a data directory, as long as this object lives.
///
/// The kernel holds the locks and releases them whenever and however the process ends, so nothing has to be cleaned up
/// after a crash. The lock of the database itself counts when somebody deletes or replaces the lock file, or when two
/// directories lead to one database.
final class DataDirectoryLock: Sendable {
    private let file: OpenFile
    private let database: OpenFile

    /// Locks a directory that exists and has a database.
    ///
    /// When a process closes a descriptor of the database, it loses SQLite's own locks on it, too. So open the database
    /// after locking it, and close it before releasing the lock.
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
        let isDatabaseLocked: Bool
        do throws(SystemError) {
            database = try OpenFile(opening: directory.databasePath, O_RDWR)
            isDatabaseLocked = try database.tryLock()
        } catch {
            throw StorageError(error, at: directory.databasePath)
        }
        guard isDatabaseLocked else { throw .inUse(path: directory.path, processID: nil) }
        // The process id is only for the error message above; what counts are the locks.
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
