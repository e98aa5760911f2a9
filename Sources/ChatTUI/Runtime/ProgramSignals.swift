internal import Glibc
internal import Synchronization

/// Turns the signals that concern the program into bytes of its ``Inbox``.
///
/// Installed before curses starts, which takes over whatever it finds at its
/// default. A second signal to end the program does so at once: the loop may be
/// stuck, or still be saying goodbye.
enum ProgramSignals {
    /// Signals that ask the program to leave.
    static let ending: [Int32] = [SIGTERM, SIGHUP, SIGINT]
    private static let all: [Int32] = ending + [SIGTSTP, SIGCONT, SIGWINCH]

    /// Starts handing signals to an inbox, and ignores SIGPIPE: a closed socket
    /// is an error to handle, not the end.
    static func install(_ inbox: Inbox) {
        installedInbox.withLock { $0 = inbox }
        pipeDescriptor.store(inbox.writeDescriptor, ordering: .sequentiallyConsistent)
        hasBeenAsked.store(false, ordering: .sequentiallyConsistent)
        for signal in all { handle(signal) }
        _ = Glibc.signal(SIGPIPE, SIG_IGN)
        // Whoever started us may have had them blocked, and a blocked SIGWINCH
        // leaves a screen of the wrong size, a blocked SIGABRT a program that
        // does not end.
        var unblocked = sigset_t()
        sigemptyset(&unblocked)
        for signal in all + TerminalGuard.signals { sigaddset(&unblocked, signal) }
        pthread_sigmask(SIG_UNBLOCK, &unblocked, nil)
    }

    /// Waits, stopped, until the shell brings the program to the foreground.
    static func waitForForeground() {
        if isInBackground { stop() }
    }

    private static var isInBackground: Bool { tcgetpgrp(STDIN_FILENO) != getpgrp() }

    /// Leaves all signals to the system again.
    static func uninstall() {
        for signal in all { _ = Glibc.signal(signal, SIG_DFL) }
        pipeDescriptor.store(-1, ordering: .sequentiallyConsistent)
        installedInbox.withLock { $0 = nil }
    }

    /// Stops the program as the shell's own Ctrl-Z does, and returns once it
    /// is in the foreground again (at once where no shell could continue it).
    ///
    /// The terminal has to be given back before.
    static func stop() {
        // A stopped process can't run a handler: with its default, a signal to
        // end ends it where it stands.
        for signal in ending { _ = Glibc.signal(signal, SIG_DFL) }
        _ = Glibc.signal(SIGTSTP, SIG_DFL)
        repeat {
            wasContinued.store(false, ordering: .sequentiallyConsistent)
            isStopping.store(true, ordering: .sequentiallyConsistent)
            // To the whole process group, so that a script around us stops too and
            // the shell sees its job stopped.
            _ = kill(0, SIGTSTP)
            isStopping.store(false, ordering: .sequentiallyConsistent)
            // Continued in the background, the first change of the terminal's mode
            // would stop us again, with handlers.
        } while wasContinued.load(ordering: .sequentiallyConsistent) && isInBackground
        for signal in ending + [SIGTSTP] { handle(signal) }
    }

    private static func handle(_ signal: Int32) {
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { signal in
            let saved = errno
            defer { errno = saved }
            if signal == SIGCONT, isStopping.load(ordering: .relaxed) {
                // Whoever stopped the program waits for this, and knows what to do.
                wasContinued.store(true, ordering: .relaxed)
                return
            }
            if signal == SIGTERM || signal == SIGHUP || signal == SIGINT,
                hasBeenAsked.exchange(true, ordering: .sequentiallyConsistent)
            {
                TerminalGuard.restore()
                _ = Glibc.signal(signal, SIG_DFL)
                _ = raise(signal)
            }
            var byte = UInt8(truncatingIfNeeded: signal)
            _ = write(pipeDescriptor.load(ordering: .relaxed), &byte, 1)
        }
        action.sa_flags = SA_ONSTACK
        _ = sigaction(signal, &action, nil)
    }
}

/// Keeps the descriptor open for as long as a handler may write to it.
private let installedInbox = Mutex<Inbox?>(nil)
private let pipeDescriptor = Atomic<Int32>(-1)
private let hasBeenAsked = Atomic<Bool>(false)
private let isStopping = Atomic<Bool>(false)
private let wasContinued = Atomic<Bool>(false)
