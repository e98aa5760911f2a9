internal import Glibc

/// The terminal that a server was started in, if any.
///
/// SIGHUP has two meanings. Originally it says that the terminal is gone; to daemons it says to reload their settings.
/// This type tells which one is meant.
struct ControllingTerminal {
    private let wasThere: Bool

    /// Checks whether there is a terminal.
    init() {
        wasThere = isatty(STDIN_FILENO) == 1
    }

    /// Whether there was a terminal that has been closed since.
    var isGone: Bool { wasThere && isatty(STDIN_FILENO) == 0 }
}
