internal import Foundation

/// The directory with everything that a server keeps.
///
/// Made with mode 0700, its files with 0600: it holds password hashes and
/// private messages. It has to lie on a local file system; the locks and the
/// shared memory of SQLite's write-ahead log don't work over a network.
public struct DataDirectory: Hashable, Sendable {
    /// The path as given.
    public let path: String

    /// Names a directory, which need not exist yet.
    public init(_ path: String) {
        self.path = path
    }

    /// The directory that is used when none is named:
    /// `$XDG_DATA_HOME/chat-tui`, by default `~/.local/share/chat-tui`.
    ///
    /// - Parameter environment: The variables of the process.
    /// - Returns: Nil where the environment names neither that nor a home.
    public static func standard(environment: [String: String]) -> DataDirectory? {
        // The XDG specification has relative paths ignored.
        if let data = environment["XDG_DATA_HOME"], data.hasPrefix("/") {
            return DataDirectory("\(data)/chat-tui")
        }
        guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
        return DataDirectory("\(home)/.local/share/chat-tui")
    }

    /// The database; its write-ahead log lies beside it.
    var databasePath: String { "\(path)/chat.sqlite" }

    /// The file that is locked while a server runs.
    var lockPath: String { "\(path)/server.lock" }

    /// Whether there is a database.
    var hasDatabase: Bool { access(databasePath, F_OK) == 0 }

    /// Makes the directory and an empty database file, where they are missing.
    ///
    /// - Throws: ``StorageError/unusable(path:reason:)``.
    func create() throws(StorageError) {
        try Self.makeDirectory(path)
        // Made here because SQLite would make it readable for everyone. The
        // files beside it take its mode.
        let descriptor = open(databasePath, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .failed(databasePath) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .failed(databasePath) }
        if status.st_mode & 0o007 != 0 {
            // An older copy, perhaps. Where this fails the file is not ours to change.
            _ = fchmod(descriptor, status.st_mode & 0o770)
        }
    }

    private static func makeDirectory(_ path: String) throws(StorageError) {
        if try makeLastPart(of: path) { return }
        guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { throw .failed(path) }
        try makeDirectory(String(path[..<slash]))
        // Once: there are places (/proc) where nothing can be made, and which
        // say the same as if the way there were missing.
        guard try makeLastPart(of: path) else { throw .failed(path) }
    }

    /// Makes a directory in one that is there.
    ///
    /// - Returns: False where the way there is missing; `errno` says so.
    private static func makeLastPart(of path: String) throws(StorageError) -> Bool {
        if mkdir(path, 0o700) == 0 {
            // Whatever the process's mask is just now.
            chmod(path, 0o700)
            return true
        }
        switch errno {
        case ENOENT:
            return false
        case EEXIST:
            var status = stat()
            guard stat(path, &status) == 0 else { throw .failed(path) }
            guard status.st_mode & S_IFMT == S_IFDIR else {
                throw .unusable(path: path, reason: "not a directory")
            }
            return true
        default:
            throw .failed(path)
        }
    }
}

extension StorageError {
    /// The failure of the last system call.
    static func failed(_ path: String) -> StorageError {
        .unusable(path: path, reason: String(cString: strerror(errno)))
    }
}
