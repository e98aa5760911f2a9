internal import Glibc

/// Folders that only their owner may enter.
public enum Folder {
    /// The folder that a path's last part is in.
    public static func containing(_ path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Makes a folder, and those on the way to it that are missing, with mode 0700.
    public static func make(_ path: String) throws(SystemError) {
        if try makeLastPart(of: path) { return }
        let parent = containing(path)
        guard parent != path else { throw SystemError("mkdir", number: ENOENT) }
        try make(parent)
        // Once only: in some places, such as /proc, nothing can be made, and the
        // system says the same as if the way there were missing.
        guard try makeLastPart(of: path) else { throw SystemError("mkdir", number: ENOENT) }
    }

    /// Makes a folder in one that exists.
    ///
    /// - Returns: False where the one that it should be in is missing.
    private static func makeLastPart(of path: String) throws(SystemError) -> Bool {
        if mkdir(path, 0o700) == 0 {
            // The process may have a mask that takes more away.
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
            // Of an existing folder on a file system that can't be written the
            // system may say that first.
            if let status = try? FileStatus(of: path), status.isFolder { return true }
            throw SystemError("mkdir", number: number)
        }
    }
}
