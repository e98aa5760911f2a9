internal import ChatServerCore
internal import ChatSystem
internal import Glibc
internal import Synchronization

/// Notices when the open database is no longer the one in the data directory.
///
/// Somebody may delete, move or replace its files while the server runs. SQLite keeps using the files it has open, and
/// everything written to them is lost after a restart.
///
/// Every commit checks this twice, so a check usually asks the system only for the status of the directory: it changes
/// whenever a file in the directory is deleted, moved or replaced. The files are looked at only if it has changed.
final class DatabaseFiles: Sendable {
    /// How much a check notices.
    enum Scope {
        /// Changes in the directory.
        case directory
        /// Also that the directory's path leads elsewhere, because a folder on the way to it was moved.
        case path
        /// Also that another file is mounted over one of the files, which does not show in the directory.
        case mounts
    }

    private struct State {
        var areInPlace = true
        /// The directory's status when the files were last in place; nil if it might stay the same after a change.
        var status: FileStatus?
    }

    /// The path of the write-ahead log.
    let log: String

    private let directory: DataDirectory
    /// Whether the database is a link to another directory, so that no change of the files shows in this one.
    private let isElsewhere: Bool
    private let openDirectory: OpenFile
    private let clock: UnixClock
    private let warn: StorageWarning
    private let identities: [String: FileStatus.Identity]
    private let state = Mutex(State())

    /// Remembers the files of a database that is open and has been written to.
    init(_ directory: DataDirectory, clock: @escaping UnixClock, warn: @escaping StorageWarning) throws(SystemError) {
        self.directory = directory
        self.clock = clock
        self.warn = warn
        openDirectory = try OpenFile(opening: directory.path, O_RDONLY | O_DIRECTORY)
        // SQLite puts its other files beside the database that a link leads to.
        let path = try File.destination(of: directory.databasePath)
        log = "\(path)-wal"
        isElsewhere =
            try FileStatus(of: Folder.containing(path)).identity != FileStatus(of: openDirectory).identity
        var identities: [String: FileStatus.Identity] = [:]
        // The write-ahead log holds the latest commits; the shared memory lets other programs find them.
        for path in [directory.databasePath, log, "\(path)-shm"] {
            identities[path] = try FileStatus(of: path).identity
        }
        self.identities = identities
    }

    /// Checks whether the files are still in their place, and warns when that changes.
    ///
    /// - Throws: `StoreError` if they are not.
    func check(_ scope: Scope) throws(StoreError) {
        let (areInPlace, isNews) = state.withLock { state in
            let known =
                switch scope {
                case .directory: try? FileStatus(of: openDirectory)
                case .path: try? FileStatus(of: directory.path)
                case .mounts: nil as FileStatus?
                }
            if let known, known == state.status { return (true, false) }
            let wereInPlace = state.areInPlace
            state = look()
            return (state.areInPlace, state.areInPlace != wereInPlace)
        }
        if isNews {
            warn(
                areInPlace
                    ? "the files of \(directory.databasePath) are back: what is said is stored again"
                    : "the files of \(directory.databasePath) were deleted or replaced: nothing that is said is stored; "
                        + "put them back or restart the server"
            )
        }
        guard areInPlace else {
            throw StoreError("the files of \(directory.databasePath) were deleted or replaced")
        }
    }

    /// Looks at each file.
    private func look() -> State {
        // Read the status first: what changes after that shows in the next status.
        let status = try? FileStatus(of: directory.path)
        let areInPlace = identities.allSatisfy { (try? FileStatus(of: $0.key))?.identity == $0.value }
        // Some file systems round times to two seconds, so a younger status may stay the same after a change.
        let isOld = status.map { $0.changed / 1_000_000 < clock() - 2000 } ?? false
        return State(areInPlace: areInPlace, status: areInPlace && isOld && !isElsewhere ? status : nil)
    }
}
