internal import Glibc

/// Signals that wait until the program asks for them.
///
/// Created before any other thread is, because threads inherit what is blocked:
/// a signal that some thread does not block would end the process there.
struct BlockedSignals {
    private let signals: [Int32]

    /// Blocks signals from here on, and ignores SIGPIPE.
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

    /// Has signals do again what the system does with them.
    ///
    /// So a second one ends the process at once. The others stay blocked.
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
