internal import Glibc

/// How many files, and so how many connections, the process may open.
enum OpenFiles {
    /// How many files are kept free for everything but clients: the database, listening sockets, the log.
    static let reserve = 64

    /// Raises the soft limit to the hard one.
    ///
    /// - Returns: The limit that is then in force.
    static func raiseLimit() -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1024 }
        if limit.rlim_cur < limit.rlim_max {
            var raised = limit
            raised.rlim_cur = limit.rlim_max
            if setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &raised) == 0 { limit = raised }
        }
        return Int(clamping: limit.rlim_cur)
    }
}
