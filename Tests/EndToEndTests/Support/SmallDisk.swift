internal import ChatTestSupport
internal import Foundation

/// A file system of its own in memory, small enough to be filled.
///
/// Gone when the test is. Only root can have one.
final class SmallDisk: Sendable {
    /// Where it is.
    let path: String

    /// Whether this process may have one.
    static let isPossible = getuid() == 0 && (try? SmallDisk(kilobytes: 64)) != nil

    /// Where it is mounted, and removed after it is not any more.
    private let folder: ScratchFolder

    init(kilobytes: Int) throws {
        folder = try ScratchFolder()
        path = folder.path
        guard mount("tmpfs", path, "tmpfs", 0, "size=\(kilobytes)k,mode=0700") == 0 else {
            throw Overdue("mount: \(String(cString: strerror(errno)))")
        }
    }

    /// Forbids or allows all writing.
    ///
    /// The kernel refuses the first while a file in it is open for writing.
    func remount(readOnly: Bool) throws {
        let flags = UInt(MS_REMOUNT) | (readOnly ? UInt(MS_RDONLY) : 0)
        guard mount("tmpfs", path, "tmpfs", flags, nil) == 0 else {
            throw Overdue("mount: \(String(cString: strerror(errno)))")
        }
    }

    /// Writes a file of all the space that is left, but for so much.
    func fill(_ file: String, leaving kilobytes: Int) throws {
        let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        guard descriptor >= 0 else { throw Overdue("\(file): \(String(cString: strerror(errno)))") }
        defer { close(descriptor) }
        let block = [UInt8](repeating: 1, count: 4096)
        var size = 0
        while case let count = write(descriptor, block, block.count), count > 0 { size += count }
        guard ftruncate(descriptor, max(0, size - kilobytes * 1024)) == 0 else {
            throw Overdue("\(file): \(String(cString: strerror(errno)))")
        }
    }

    deinit {
        // Also while the server still has files open in it.
        umount2(path, Int32(MNT_DETACH))
    }
}
