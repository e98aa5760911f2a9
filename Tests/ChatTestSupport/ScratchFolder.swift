internal import ChatSystem
internal import Glibc

/// A folder of its own for one test, gone when the test is.
public final class ScratchFolder: Sendable {
    /// Its path.
    public let path: String

    /// Makes one where temporary files belong.
    public init() throws {
        let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(base)/chat-tui-tests.XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { throw SystemError("mkdtemp") }
        path = String(cString: made)
    }

    deinit {
        Self.remove(path)
    }

    /// Writes a file; those who could read it still can.
    public func write(_ text: String, to name: String) throws {
        try File.replace("\(path)/\(name)", with: Array(text.utf8), access: .unchanged)
    }

    /// Reads a file; empty where there is none.
    public func read(_ name: String) throws -> String {
        String(decoding: try File.read("\(path)/\(name)", maximumBytes: 1 << 20) ?? [], as: UTF8.self)
    }

    /// Makes a link.
    public func link(_ name: String, to target: String) throws {
        guard symlink(target, "\(path)/\(name)") == 0 else { throw SystemError("symlink") }
    }

    /// Removes a file, or a folder with all that is in it.
    public func remove(_ name: String) { Self.remove("\(path)/\(name)") }

    /// The permission bits of a file.
    public func mode(_ name: String) -> Int { Int(information(name).st_mode & 0o7777) }

    /// The number of a file in its file system.
    public func inode(_ name: String) -> UInt64 { UInt64(information(name).st_ino) }

    /// Whether a file is a link.
    public func isLink(_ name: String) -> Bool { information(name).st_mode & S_IFMT == S_IFLNK }

    /// Whether there is a file of this name.
    public func contains(_ name: String) -> Bool { access("\(path)/\(name)", F_OK) == 0 }

    /// The files in it, by name.
    public func names() -> [String] { Self.names(in: path) }

    private func information(_ name: String) -> stat {
        var information = stat()
        lstat("\(path)/\(name)", &information)
        return information
    }

    private static func remove(_ path: String) {
        var information = stat()
        guard lstat(path, &information) == 0 else { return }
        if information.st_mode & S_IFMT == S_IFDIR {
            for name in names(in: path) { remove("\(path)/\(name)") }
            rmdir(path)
        } else {
            unlink(path)
        }
    }

    private static func names(in path: String) -> [String] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }
}
