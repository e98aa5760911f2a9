internal import Glibc

extension ScratchFolder {
    /// The permission bits of a file; 0 where there is none.
    public func mode(_ name: String) -> Int { Int(status(name).st_mode & 0o7777) }

    /// The number of a file in its file system: another one after it was replaced.
    public func inode(_ name: String) -> UInt64 { UInt64(status(name).st_ino) }

    /// Whether it is a symbolic link.
    public func isLink(_ name: String) -> Bool { status(name).st_mode & S_IFMT == S_IFLNK }

    private func status(_ name: String) -> stat {
        var status = stat()
        lstat("\(path)/\(name)", &status)
        return status
    }
}
