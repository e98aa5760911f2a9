internal import Glibc

/// Reads and writes whole files.
public enum File {
    /// Who may read a file that is replaced.
    public enum Access: Sendable {
        /// Its owner alone.
        case ownerOnly
        /// Whoever could read the file before; its owner alone where it is new.
        case unchanged
    }

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - maximumBytes: The most that is read.
    ///   - waits: Whether to wait for what a pipe or a terminal has to say.
    /// - Returns: Its bytes; nil where there is no such file.
    /// - Throws: ``SystemError``; a file that is too large counts as `EFBIG`.
    public static func read(
        _ path: String,
        maximumBytes: Int,
        waits: Bool = false
    ) throws(SystemError) -> [UInt8]? {
        do throws(SystemError) {
            return try OpenFile(opening: path, waits ? O_RDONLY : O_RDONLY | O_NONBLOCK)
                .readAll(maximumBytes: maximumBytes)
        } catch  where error.call == "open" && error.number == ENOENT {
            // Every other error, such as a folder that may not be searched, must
            // not look like a file that was never written.
            return nil
        }
    }

    /// Replaces a file by another content in one step: at each moment there is
    /// the old content or the new one.
    ///
    /// Folders that are missing are made. Where the path is a link, what it leads
    /// to is replaced, not the link.
    public static func replace(_ path: String, with bytes: [UInt8], access: Access) throws(SystemError) {
        let target = try destination(of: path)
        let folder = Folder.containing(target)
        try Folder.make(folder)
        let temporary = try OpenFile.temporary(beside: target)
        do throws(SystemError) {
            let descriptor = OpenFile(owning: temporary.number)
            if access == .unchanged, let old = try? FileStatus(of: target) {
                guard fchmod(descriptor.number, old.permissions) == 0 else { throw SystemError("fchmod") }
                // For root: the file stays its user's. Anybody else owns it already.
                _ = fchown(descriptor.number, old.owner, old.group)
            }
            try descriptor.writeAll(bytes)
            try descriptor.synchronize()
            guard rename(temporary.path, target) == 0 else { throw SystemError("rename") }
        } catch {
            unlink(temporary.path)
            throw error
        }
        // The new name is on the disk when the folder is.
        try? OpenFile(opening: folder, O_RDONLY | O_DIRECTORY).synchronize()
    }

    /// The path of the file that a path leads to once all links are followed,
    /// also where the last link leads to nothing yet.
    public static func destination(of path: String) throws(SystemError) -> String {
        var path = path
        for _ in 0..<40 {
            if let resolved = realpath(path, nil) {
                defer { free(resolved) }
                return String(cString: resolved)
            }
            guard errno == ENOENT else { throw SystemError("realpath") }
            var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
            let count = readlink(path, &buffer, buffer.count)
            guard count > 0 else { return path }
            let link = String(decoding: buffer.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
            path = link.hasPrefix("/") ? link : "\(Folder.containing(path))/\(link)"
        }
        throw SystemError("readlink", number: ELOOP)
    }
}
