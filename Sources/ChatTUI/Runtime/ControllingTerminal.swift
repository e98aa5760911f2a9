internal import Glibc

/// The terminal that a server was started in, if it was one.
///
/// SIGHUP means two things: the terminal is gone, as it has from the beginning,
/// and to daemons, take in what has changed. This tells one from the other.
struct ControllingTerminal {
    private let wasThere: Bool

    /// Looks whether there is one.
    init() {
        wasThere = isatty(STDIN_FILENO) == 1
    }

    /// Whether there was one, and it was closed since.
    var isGone: Bool { wasThere && isatty(STDIN_FILENO) == 0 }
}
