internal import Foundation

/// What a file system has to say when something can't be written there.
///
/// SQLite gives a full disk several names, "disk I/O error" among them.
struct DiskSpace: Hashable, Sendable {
    /// Whether nothing can be written at all.
    var isReadOnly: Bool
    /// How many bytes are left for us.
    var bytes: UInt64

    /// With less left than this a database can't be opened for certain.
    private static let needed: UInt64 = 1 << 20

    /// What is wrong, as words for the operator; nil where there is space.
    var complaint: String? {
        if isReadOnly { return "the file system is read-only" }
        if bytes < Self.needed { return "the disk is full, with \(bytes / 1024) KiB left" }
        return nil
    }
}

extension DiskSpace {
    /// Asks the file system of a path; nil where it does not answer.
    init?(at path: String) {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return nil }
        let (bytes, overflows) = UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize))
        self.init(isReadOnly: status.f_flag & UInt(ST_RDONLY) != 0, bytes: overflows ? .max : bytes)
    }
}
