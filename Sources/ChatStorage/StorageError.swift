/// Why the data directory can't be used, in words for the operator.
public enum StorageError: Error, Hashable, Sendable {
    /// The directory or a file in it can't be made, entered, read or written.
    case unusable(path: String, reason: String)
    /// Another server works on this directory; its process id, where it is known.
    case inUse(path: String, processID: Int32?)
    /// There is nothing in the directory yet.
    case missing(path: String)
    /// A newer version of this program wrote the database.
    case newer(path: String)
    /// The database comes from an older version, and only a server may bring it up to date.
    case outdated(path: String)
    /// What is there is no database, or a damaged one.
    case damaged(path: String, reason: String)
}

extension StorageError: CustomStringConvertible {
    /// One line that names the path and what to do.
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
