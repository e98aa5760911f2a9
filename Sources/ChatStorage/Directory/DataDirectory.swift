internal import ChatSystem
internal import Glibc

/// The directory with everything that a server stores.
///
/// The directory has mode 0700 and its files 0600, because it contains password hashes and private messages. It must be
/// on a local file system: the locks and the shared memory of SQLite's write-ahead log don't work over a network.
public struct DataDirectory: Hashable, Sendable {
    /// The path as it was given.
    public let path: String

    /// Refers to a directory, which need not exist yet.
    public init(_ path: String) {
        self.path = path
    }

    /// The default directory: `$XDG_DATA_HOME/chat-tui`, or `~/.local/share/chat-tui` if that variable is not set.
    ///
    /// - Parameter environment: The variables of the process.
    /// - Returns: Nil if the environment has neither that variable nor a home.
    public static func standard(environment: [String: String]) -> DataDirectory? {
        // The XDG specification says to ignore relative paths.
        if let data = environment["XDG_DATA_HOME"], data.hasPrefix("/") {
            return DataDirectory("\(data)/chat-tui")
        }
        guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
        return DataDirectory("\(home)/.local/share/chat-tui")
    }

    /// The path of the database; its write-ahead log is in the same directory.
    var databasePath: String { "\(path)/chat.sqlite" }

    /// The file that is locked while a server runs.
    var lockPath: String { "\(path)/server.lock" }

    /// Whether the directory contains a database.
    var hasDatabase: Bool { access(databasePath, F_OK) == 0 }

    /// Creates the directory and an empty database file if they are missing.
    ///
    /// - Throws: ``StorageError/unusable(path:reason:)``.
    func create() throws(StorageError) {
        do throws(SystemError) {
            try Folder.make(path)
        } catch {
            throw StorageError(error, at: path)
        }
        do throws(SystemError) {
            // Create the file here, because SQLite would make it readable for everyone. SQLite gives its other files
            // the same mode.
            let file = try OpenFile(opening: databasePath, O_RDWR | O_CREAT)
            let permissions = try FileStatus(of: file).permissions
            // If this fails, the file belongs to somebody else.
            if permissions & 0o007 != 0 { _ = fchmod(file.number, permissions & 0o770) }
        } catch {
            throw StorageError(error, at: databasePath)
        }
    }
}

extension StorageError {
    /// Creates an error from a system call that failed for a path.
    init(_ error: SystemError, at path: String) {
        self = .unusable(path: path, reason: error.reason)
    }
}
