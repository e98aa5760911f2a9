internal import Glibc

/// How many files the system lets the process have open.
enum OpenFileLimit {
    /// What a client needs: its terminal, sockets, event loops, certificates.
    static let client = 32
    /// What a server needs to be of use to more than a few: the database and its own sockets take up to 64.
    static let server = 128

    /// Checks that there is room for so many, and raises the limit where it may.
    ///
    /// Without it the network library ends the process where it finds none left.
    ///
    /// - Throws: ``CommandFailure`` that says how many there are.
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
