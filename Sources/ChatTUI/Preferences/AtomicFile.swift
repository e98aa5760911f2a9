// `stat` belongs to whichever module with a C library in it the compiler saw first.
internal import CoreFoundation
internal import Foundation

/// Files that are whole at every moment: written beside, then put in place.
enum AtomicFile {
    /// Reads a file.
    ///
    /// - Returns: Its bytes; nil where there is none.
    /// - Throws: ``SystemError``; a file that is too large counts as `EFBIG`.
    static func read(_ path: String, maximumBytes: Int) throws(SystemError) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw SystemError("open")
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw SystemError("read") }
            if count == 0 { return bytes }
            bytes += chunk.prefix(count)
            guard bytes.count <= maximumBytes else { throw SystemError("read", number: EFBIG) }
        }
    }

    /// Puts a new content in place of a file's, keeping who may read it.
    ///
    /// Folders that are missing are made, for the user alone; so is a new file.
    /// A link stays a link.
    static func replace(_ path: String, with bytes: [UInt8]) throws(SystemError) {
        let target = try target(of: path)
        let folder = Self.folder(of: target)
        try makeFolders(folder)

        var template = Array("\(target).XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw SystemError("mkstemp") }
        do throws(SystemError) {
            defer { close(descriptor) }
            var information = stat()
            if stat(target, &information) == 0 {
                guard fchmod(descriptor, information.st_mode & 0o7777) == 0 else { throw SystemError("fchmod") }
                // Root leaves a user's file the user's; for anybody else it is their own already.
                _ = fchown(descriptor, information.st_uid, information.st_gid)
            }
            try writeAll(bytes, to: descriptor)
            guard fsync(descriptor) == 0 else { throw SystemError("fsync") }
            guard rename(template, target) == 0 else { throw SystemError("rename") }
        } catch {
            unlink(template)
            throw error
        }
        // The new name is on disk when the folder is.
        let folderDescriptor = open(folder, O_RDONLY | O_CLOEXEC | O_DIRECTORY)
        if folderDescriptor >= 0 {
            fsync(folderDescriptor)
            close(folderDescriptor)
        }
    }

    private static func writeAll(_ bytes: [UInt8], to descriptor: Int32) throws(SystemError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw SystemError("write") }
            rest = rest.dropFirst(count)
        }
    }

    /// What a path leads to once all links are followed; also where the last
    /// link leads to nothing yet.
    private static func target(of path: String) throws(SystemError) -> String {
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
            path = link.hasPrefix("/") ? link : "\(folder(of: path))/\(link)"
        }
        throw SystemError("readlink", number: ELOOP)
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func makeFolders(_ folder: String) throws(SystemError) {
        var information = stat()
        if stat(folder, &information) == 0 { return }
        try makeFolders(Self.folder(of: folder))
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST else { throw SystemError("mkdir") }
    }
}
