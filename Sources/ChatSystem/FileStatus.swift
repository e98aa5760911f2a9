internal import Glibc

/// What the system knows of a file.
public struct FileStatus: Hashable, Sendable {
    /// Which file it is, whatever its name: no other that exists has the same.
    public struct Identity: Hashable, Sendable {
        var device: UInt64
        var inode: UInt64
    }

    /// Which file it is.
    public let identity: Identity
    /// How many names it has; 0 once it is deleted.
    public let links: UInt64
    /// Who may do what, as for `chmod(2)`.
    public let permissions: UInt32
    /// The number of the user whose it is.
    public let owner: UInt32
    /// The number of the group whose it is.
    public let group: UInt32
    /// Whether it is a folder.
    public let isFolder: Bool

    /// Asks for the file that a path leads to, links followed.
    public init(of path: String) throws(SystemError) {
        var information = stat()
        guard stat(path, &information) == 0 else { throw SystemError("stat") }
        self.init(information)
    }

    /// Asks for an open file.
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
    }
}
