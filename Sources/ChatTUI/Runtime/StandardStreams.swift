internal import Glibc

/// The three standard streams that every program expects to be open.
enum StandardStreams {
    /// Opens `/dev/null` for each standard stream that is closed.
    ///
    /// Call it before opening anything else: the next file opened would get the free number. The log, written to
    /// "standard error", could then end up in a database, or a pipe could be mistaken for a standard stream.
    static func openMissing() {
        for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]
        where fcntl(descriptor, F_GETFD) < 0 && errno == EBADF {
            // Writing to a missing standard output has to fail, so that somebody who exports a history to it notices.
            _ = open("/dev/null", descriptor == STDERR_FILENO ? O_WRONLY : O_RDONLY)
        }
    }
}
