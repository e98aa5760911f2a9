internal import Glibc

/// Folders that only their owner may enter.
public enum Folder {
    /// The folder that contains the last part of a path.
    public static func containing(_ path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Creates a folder and its missing parents, with mode 0700.
    public static func make(_ path: String) throws(SystemError) {
        if try makeLastPart(of: path) { return }
        let parent = containing(path)
        guard parent != path else { throw SystemError("mkdir", number: ENOENT) }
        try make(parent)
        // Try only once more: in some places, such as /proc, nothing can be created, and the system reports it as if a
        // parent were missing.
        guard try makeLastPart(of: path) else { throw SystemError("mkdir", number: ENOENT) }
    }

    /// Creates a folder whose parent should exist.
    ///
    /// - Returns: False if the parent is missing.
    private static func makeLastPart(of path: String) throws(SystemError) -> Bool {
        if mkdir(path, 0o700) == 0 {
            // The umask of the process may have removed more permissions.
            chmod(path, 0o700)
            return true
        }
        switch errno {
        case ENOENT:
            return false
        case EEXIST:
            guard try FileStatus(of: path).isFolder else { throw SystemError("mkdir", number: ENOTDIR) }
            return true
        case let number:
            // On a read-only file system the system may report that, even if the folder already exists.
            if let status = try? FileStatus(of: path), status.isFolder { return true }
            throw SystemError("mkdir", number: number)
        }
    }
}
