internal import Glibc

/// The system's limit on the number of open files.
enum OpenFileLimit {
    /// How many files a client needs: for its terminal, sockets, event loops and certificates.
    static let client = 32
    /// How many files a server needs to serve more than a few users: the database and its own sockets take up to 64.
    static let server = 128

    /// Checks that this many files can be open, and raises the limit if possible.
    ///
    /// If no descriptors are left, the network library would end the process.
    ///
    /// - Throws: ``CommandFailure`` that names the limit.
    static func require(_ least: Int) throws(CommandFailure) {
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0, limit.rlim_cur < least else { return }
        limit.rlim_cur = min(rlim_t(least), limit.rlim_max)
        guard limit.rlim_cur >= least, setrlimit(resource, &limit) == 0 else {
            throw CommandFailure(
                "the system lets this program open \(limit.rlim_cur) files, and \(least) are needed: see ulimit -n"
            )
        }
    }
}
