internal import Glibc

/// What the system knows about a file.
public struct FileStatus: Hashable, Sendable {
    /// Identifies a file whatever its name; no two existing files have the same identity.
    public struct Identity: Hashable, Sendable {
        var device: UInt64
        var inode: UInt64
    }

    /// The file's identity.
    public let identity: Identity
    /// How many names (hard links) the file has; 0 once it is deleted.
    public let links: UInt64
    /// The permission bits, as for `chmod(2)`.
    public let permissions: UInt32
    /// The user id of the owner.
    public let owner: UInt32
    /// The id of the group.
    public let group: UInt32
    /// Whether it is a folder.
    public let isFolder: Bool
    /// Whether it is a pipe.
    public let isPipe: Bool
    /// When the file last changed in any way, in nanoseconds since 1970.
    ///
    /// A folder changes when a file in it is created, deleted, moved or replaced. Programs can't set this time, but
    /// some file systems round it to two seconds.
    public let changed: Int64

    /// Reads the status of the file that a path leads to, following links.
    public init(of path: String) throws(SystemError) {
        var information = stat()
        guard stat(path, &information) == 0 else { throw SystemError("stat") }
        self.init(information)
    }

    /// Reads the status of an open file.
    public init(of descriptor: borrowing OpenFile) throws(SystemError) {
        var information = stat()
        guard fstat(descriptor.number, &information) == 0 else { throw SystemError("fstat") }
        self.init(information)
    }

    private init(_ information: stat) {
        identity = Identity(device: UInt64(information.st_dev), inode: UInt64(information.st_ino))
        links = UInt64(information.st_nlink)
        permissions = information.st_mode & 0o7777
        owner = information.st_uid
        group = information.st_gid
        isFolder = information.st_mode & S_IFMT == S_IFDIR
        isPipe = information.st_mode & S_IFMT == S_IFIFO
        changed = Int64(information.st_ctim.tv_sec) &* 1_000_000_000 &+ Int64(information.st_ctim.tv_nsec)
    }
}
