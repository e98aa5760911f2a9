internal import Glibc

/// How many files, and so how many connections, the process may have open.
enum OpenFiles {
    /// How many are kept free for everything that is no client: the database,
    /// listening sockets, the log.
    static let reserve = 64

    /// Raises the soft limit to the hard one.
    ///
    /// - Returns: The limit then in force.
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
