internal import Glibc
internal import Synchronization

/// Turns the signals that concern the program into bytes of its ``WakePipe``.
///
/// Installed before curses starts, which takes over whatever it finds at its
/// default. A second signal to end the program does so at once: the loop may be
/// stuck, or still be saying goodbye.
enum ProgramSignals {
    /// Signals that ask the program to leave.
    static let ending: [Int32] = [SIGTERM, SIGHUP, SIGINT]
    /// All that are taken.
    static let all: [Int32] = ending + [SIGTSTP, SIGCONT, SIGWINCH]

    /// Starts handing signals to a pipe, and ignores SIGPIPE: a closed socket
    /// is an error to handle, not the end.
    static func install(_ pipe: WakePipe) {
        installedPipe.withLock { $0 = pipe }
        pipeDescriptor.store(pipe.writeDescriptor, ordering: .sequentiallyConsistent)
        hasBeenAsked.store(false, ordering: .sequentiallyConsistent)
        for signal in all { handle(signal) }
        _ = Glibc.signal(SIGPIPE, SIG_IGN)
        // Whoever started us may have had them blocked, and a blocked SIGWINCH
        // leaves a screen of the wrong size, a blocked SIGABRT a program that
        // does not end.
        var taken = sigset_t()
        sigemptyset(&taken)
        for signal in all + TerminalGuard.fatalSignals { sigaddset(&taken, signal) }
        pthread_sigmask(SIG_UNBLOCK, &taken, nil)
    }

    /// Leaves all signals to the system again.
    static func uninstall() {
        for signal in all { _ = Glibc.signal(signal, SIG_DFL) }
        pipeDescriptor.store(-1, ordering: .sequentiallyConsistent)
        installedPipe.withLock { $0 = nil }
    }

    /// Stops the program as the shell's own Ctrl-Z does, and returns once it
    /// is continued (at once where no shell could continue it).
    static func stop() {
        // To the whole process group, so that a script around us stops too and
        // the shell sees its job stopped.
        _ = Glibc.signal(SIGTSTP, SIG_DFL)
        _ = kill(0, SIGTSTP)
        handle(SIGTSTP)
    }

    private static func handle(_ signal: Int32) {
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { signal in
            let saved = errno
            if signal == SIGTERM || signal == SIGHUP || signal == SIGINT,
                hasBeenAsked.exchange(true, ordering: .sequentiallyConsistent)
            {
                TerminalGuard.restore()
                _ = Glibc.signal(signal, SIG_DFL)
                _ = raise(signal)
            }
            var byte = UInt8(truncatingIfNeeded: signal)
            _ = write(pipeDescriptor.load(ordering: .relaxed), &byte, 1)
            errno = saved
        }
        action.sa_flags = SA_ONSTACK
        _ = sigaction(signal, &action, nil)
    }
}

/// Keeps the descriptor open for as long as a handler may write to it.
private let installedPipe = Mutex<WakePipe?>(nil)
private let pipeDescriptor = Atomic<Int32>(-1)
private let hasBeenAsked = Atomic<Bool>(false)
