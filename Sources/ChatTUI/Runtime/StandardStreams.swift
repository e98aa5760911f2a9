internal import Glibc

/// The three files that every program expects to be open.
enum StandardStreams {
    /// Opens `/dev/null` in place of those that are closed.
    ///
    /// To be called before anything else is opened, which would get the free
    /// number: a log written to "standard error" would then end in a database,
    /// or a pipe be taken for it.
    static func openMissing() {
        for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]
        where fcntl(descriptor, F_GETFD) < 0 && errno == EBADF {
            // Writing to a standard output that is not there should fail, so that
            // who exports a history into it hears of that.
            _ = open("/dev/null", descriptor == STDERR_FILENO ? O_WRONLY : O_RDONLY)
        }
    }
}
