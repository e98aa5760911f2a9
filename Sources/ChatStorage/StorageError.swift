/// Why the data directory can't be used, in words for the operator.
public enum StorageError: Error, Hashable, Sendable {
    /// The directory or a file in it can't be created, entered, read or written.
    case unusable(path: String, reason: String)
    /// Another server uses this directory; with its process id if known.
    case inUse(path: String, processID: Int32?)
    /// The directory contains no data yet.
    case missing(path: String)
    /// The database was written by a newer version of this program.
    case newer(path: String)
    /// The database is of an older version, and only a server may upgrade it.
    case outdated(path: String)
    /// The file is not a database, or it is damaged.
    case damaged(path: String, reason: String)
}

extension StorageError: CustomStringConvertible {
    /// One line that names the path and says what to do.
    public var description: String {
        switch self {
        case .unusable(let path, let reason):
            "can't use \(path): \(reason)"
        case .inUse(let path, let processID):
            "another server (process \(processID.map(String.init) ?? "unknown")) works on \(path); "
                + "stop it, name another directory with --data, or keep nothing with --ephemeral"
        case .missing(let path):
            "there is no chat in \(path) yet"
        case .newer(let path):
            "\(path) was written by a newer version of chat-tui; update this one"
        case .outdated(let path):
            "\(path) was written by an older version of chat-tui; start the server once to bring it up to date"
        case .damaged(let path, let reason):
            "\(path) is damaged or no database: \(reason)"
        }
    }
}
