internal import Foundation

/// A file system of its own in memory, small enough to be filled.
///
/// Gone when the test is. Only root can have one.
final class SmallDisk: Sendable {
    /// Where it is.
    let path: String

    /// Whether this process may have one.
    static let isPossible: Bool = {
        guard getuid() == 0, let folder = try? ScratchFolder() else { return false }
        return (try? SmallDisk(at: "\(folder.path)/disk", kilobytes: 64)) != nil
    }()

    init(at path: String, kilobytes: Int) throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        guard mount("tmpfs", path, "tmpfs", 0, "size=\(kilobytes)k,mode=0700") == 0 else {
            throw Overdue(description: "mount: \(String(cString: strerror(errno)))")
        }
        self.path = path
    }

    deinit {
        // Also while the server still has files open in it.
        umount2(path, Int32(MNT_DETACH))
    }
}
