internal import ChatServerCore
internal import ChatSystem
internal import Synchronization

/// Notices when the open database is no longer the one in the data directory.
///
/// Somebody may delete or replace its files while the server runs. SQLite keeps using the files it has open, and
/// everything written to them is lost after a restart.
final class DatabaseFiles: Sendable {
    private let path: String
    private let warn: StorageWarning
    private let identities: [String: FileStatus.Identity]
    private let wereInPlace = Mutex(true)

    /// Remembers the files of a database that is open and has been written to.
    init(_ directory: DataDirectory, warn: @escaping StorageWarning) throws(SystemError) {
        path = directory.databasePath
        self.warn = warn
        var identities: [String: FileStatus.Identity] = [:]
        // The write-ahead log holds the latest commits; the shared memory lets other programs find them.
        for path in [path, "\(path)-wal", "\(path)-shm"] {
            identities[path] = try FileStatus(of: path).identity
        }
        self.identities = identities
    }

    /// Checks whether the files are still in their place, and warns when that changes.
    ///
    /// - Throws: `StoreError` if they are not.
    func check() throws(StoreError) {
        let areInPlace = identities.allSatisfy { (try? FileStatus(of: $0.key))?.identity == $0.value }
        let isNews = wereInPlace.withLock { wereInPlace in
            defer { wereInPlace = areInPlace }
            return wereInPlace != areInPlace
        }
        if isNews {
            warn(
                areInPlace
                    ? "the files of \(path) are back: what is said is stored again"
                    : "the files of \(path) were deleted or replaced: nothing that is said is stored; "
                        + "put them back or restart the server"
            )
        }
        guard areInPlace else { throw StoreError("the files of \(path) were deleted or replaced") }
    }
}
