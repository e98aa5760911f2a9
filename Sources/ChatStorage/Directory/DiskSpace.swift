internal import Foundation

/// The state of a file system, to explain why something can't be written there.
///
/// SQLite reports a full disk in several ways, one of them "disk I/O error".
struct DiskSpace: Hashable, Sendable {
    /// Whether the file system is read-only.
    var isReadOnly: Bool
    /// How many bytes we can still write.
    var bytes: UInt64

    /// With less space than this, opening a database may fail.
    private static let needed: UInt64 = 1 << 20

    /// What is wrong, in words for the operator; nil if there is enough space.
    var complaint: String? {
        if isReadOnly { return "the file system is read-only" }
        if bytes < Self.needed { return "the disk is full, with \(bytes / 1024) KiB left" }
        return nil
    }
}

extension DiskSpace {
    /// Reads the state of the file system of a path; nil if it can't be read.
    init?(at path: String) {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return nil }
        let (bytes, overflows) = UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize))
        self.init(isReadOnly: status.f_flag & UInt(ST_RDONLY) != 0, bytes: overflows ? .max : bytes)
    }
}
