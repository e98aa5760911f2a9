internal import Glibc

/// Reads and writes whole files.
public enum File {
    /// The permissions of a file that is replaced.
    public enum Access: Sendable {
        /// Only the owner may read the file.
        case ownerOnly
        /// Everyone who could read the old file may read the new one; if there was none, only the owner.
        case unchanged
    }

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - path: Its path. A pipe is read only if the shell has handed it over, as `/dev/stdin` or `/dev/fd/63`: at any
    ///     other pipe the program might wait for ever.
    ///   - maximumBytes: The most bytes to read.
    /// - Returns: Its bytes; nil if there is no such file.
    /// - Throws: ``SystemError``, with `EFBIG` if the file is too large.
    public static func read(_ path: String, maximumBytes: Int) throws(SystemError) -> [UInt8]? {
        let isHandedOver = path == "/dev/stdin" || path.hasPrefix("/dev/fd/")
        do throws(SystemError) {
            let file = try OpenFile(opening: path, isHandedOver ? O_RDONLY : O_RDONLY | O_NONBLOCK)
            if !isHandedOver, try FileStatus(of: file).isPipe { throw SystemError.isPipe }
            return try file.readAll(maximumBytes: maximumBytes)
        } catch  where error.call == "open" && error.number == ENOENT {
            // Only ENOENT means that the file is missing. Every other error, such as a folder that may not be searched,
            // is thrown.
            return nil
        }
    }

    /// Replaces a file's content in one step: at every moment the file has either the old content or the new one.
    ///
    /// Missing folders are created. If the path is a symbolic link, its target is replaced, not the link.
    public static func replace(_ path: String, with bytes: [UInt8], access: Access) throws(SystemError) {
        let target = try destination(of: path)
        let folder = Folder.containing(target)
        try Folder.make(folder)
        let temporary = try OpenFile.temporary(beside: target)
        do throws(SystemError) {
            let descriptor = OpenFile(owning: temporary.number)
            if access == .unchanged, let old = try? FileStatus(of: target) {
                guard fchmod(descriptor.number, old.permissions) == 0 else { throw SystemError("fchmod") }
                // Matters for root: the file stays with its owner. Any other user owns the file already.
                _ = fchown(descriptor.number, old.owner, old.group)
            }
            try descriptor.writeAll(bytes)
            try descriptor.synchronize()
            guard rename(temporary.path, target) == 0 else { throw SystemError("rename") }
        } catch {
            unlink(temporary.path)
            throw error
        }
        // The new name is on the disk only when the folder is.
        try? OpenFile(opening: folder, O_RDONLY | O_DIRECTORY).synchronize()
    }

    /// The path of the file that a path leads to after following all links, even if the last target does not exist yet.
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
