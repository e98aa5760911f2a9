internal import Glibc

/// Signals that are blocked until the program asks for them.
///
/// Create it before any other thread. Threads inherit which signals are blocked, and a signal that any thread does not
/// block would end the process.
struct BlockedSignals {
    private let signals: [Int32]

    /// Blocks signals from now on, and ignores SIGPIPE.
    init(_ signals: [Int32]) {
        self.signals = signals
        _ = Glibc.signal(SIGPIPE, SIG_IGN)
        var set = Self.set(signals)
        pthread_sigmask(SIG_BLOCK, &set, nil)
    }

    /// Waits for the next of the signals.
    func next() -> Int32 {
        var set = Self.set(signals)
        var signal: Int32 = 0
        while sigwait(&set, &signal) != 0 {}
        return signal
    }

    /// Restores the system's default action for signals.
    ///
    /// A second signal then ends the process at once. All other signals stay blocked.
    func release(_ signals: [Int32]) {
        var set = Self.set(signals)
        pthread_sigmask(SIG_UNBLOCK, &set, nil)
    }

    private static func set(_ signals: [Int32]) -> sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        for signal in signals { sigaddset(&set, signal) }
        return set
    }
}
