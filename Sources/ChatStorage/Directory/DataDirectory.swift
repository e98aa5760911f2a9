internal import ChatSystem
internal import Glibc

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
        do throws(SystemError) {
            try Folder.make(path)
        } catch {
            throw StorageError(error, at: path)
        }
        do throws(SystemError) {
            // Made here because SQLite would make it readable for everyone. The
            // files beside it get the same mode.
            let file = try OpenFile(opening: databasePath, O_RDWR | O_CREAT)
            let permissions = try FileStatus(of: file).permissions
            // Where this fails the file belongs to somebody else.
            if permissions & 0o007 != 0 { _ = fchmod(file.number, permissions & 0o770) }
        } catch {
            throw StorageError(error, at: databasePath)
        }
    }
}

extension StorageError {
    /// A system call failed for a path.
    init(_ error: SystemError, at path: String) {
        self = .unusable(path: path, reason: error.reason)
    }
}
