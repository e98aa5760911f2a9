internal import Glibc

@testable import ChatTUI

/// A folder of its own for one test, gone when the test is.
final class ScratchFolder: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/chat-tui-tests.XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { throw SystemError("mkdtemp") }
        path = String(cString: made)
    }

    deinit {
        remove(path)
    }

    private func remove(_ path: String) {
        var information = stat()
        guard lstat(path, &information) == 0 else { return }
        if information.st_mode & S_IFMT == S_IFDIR {
            for name in Self.names(in: path) { remove("\(path)/\(name)") }
            rmdir(path)
        } else {
            unlink(path)
        }
    }

    func write(_ text: String, to name: String) throws {
        try AtomicFile.replace("\(path)/\(name)", with: Array(text.utf8))
    }

    func read(_ name: String) throws -> String {
        String(decoding: try AtomicFile.read("\(path)/\(name)", maximumBytes: 1 << 20) ?? [], as: UTF8.self)
    }

    func mode(_ name: String) -> Int { Int(information(name).st_mode & 0o7777) }

    func inode(_ name: String) -> UInt64 { UInt64(information(name).st_ino) }

    func isLink(_ name: String) -> Bool { information(name).st_mode & S_IFMT == S_IFLNK }

    func names() -> [String] { Self.names(in: path) }

    private func information(_ name: String) -> stat {
        var information = stat()
        lstat("\(path)/\(name)", &information)
        return information
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
