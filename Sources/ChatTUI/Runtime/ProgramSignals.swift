internal import Glibc
internal import Synchronization

/// Turns the signals that matter to the program into bytes in its ``Inbox``.
///
/// Install it before curses starts, which takes over every signal that still has its default action. A second signal to
/// end the program ends it at once, because the loop may be stuck or still saying goodbye.
enum ProgramSignals {
    /// The signals that ask the program to end.
    static let ending: [Int32] = [SIGTERM, SIGHUP, SIGINT]
    private static let all: [Int32] = ending + [SIGTSTP, SIGCONT, SIGWINCH]

    /// Starts passing signals to an inbox, and ignores SIGPIPE, so that a closed socket is an error to handle and does
    /// not end the process.
    static func install(_ inbox: Inbox) {
        installedInbox.withLock { $0 = inbox }
        pipeDescriptor.store(inbox.writeDescriptor, ordering: .sequentiallyConsistent)
        hasBeenAsked.store(false, ordering: .sequentiallyConsistent)
        for signal in all { handle(signal) }
        _ = Glibc.signal(SIGPIPE, SIG_IGN)
        // Our parent may have blocked signals. A blocked SIGWINCH would leave the screen at the wrong size, and with a
        // blocked SIGABRT a crashed program would not end.
        var unblocked = sigset_t()
        sigemptyset(&unblocked)
        for signal in all + TerminalGuard.signals { sigaddset(&unblocked, signal) }
        pthread_sigmask(SIG_UNBLOCK, &unblocked, nil)
    }

    /// If the program is in the background, stops it until the shell brings it to the foreground.
    static func waitForForeground() {
        if isInBackground { stop() }
    }

    private static var isInBackground: Bool { tcgetpgrp(STDIN_FILENO) != getpgrp() }

    /// Restores the system's handling of all signals.
    static func uninstall() {
        for signal in all { _ = Glibc.signal(signal, SIG_DFL) }
        pipeDescriptor.store(-1, ordering: .sequentiallyConsistent)
        installedInbox.withLock { $0 = nil }
    }

    /// Stops the program like the shell's Ctrl-Z, and returns once it is in the foreground again (or at once if no
    /// shell could continue it).
    ///
    /// Give the terminal back before calling this.
    static func stop() {
        // A signal to end us arrives with the SIGCONT that follows it; with the default action it ends us right then,
        // before we could stop again for being in the background.
        for signal in ending { _ = Glibc.signal(signal, SIG_DFL) }
        _ = Glibc.signal(SIGTSTP, SIG_DFL)
        repeat {
            wasContinued.store(false, ordering: .sequentiallyConsistent)
            isStopping.store(true, ordering: .sequentiallyConsistent)
            // Stop the whole process group, so that a script around us stops too and the shell notices.
            _ = kill(0, SIGTSTP)
            isStopping.store(false, ordering: .sequentiallyConsistent)
            // If we are continued in the background, our first change of the terminal's mode would stop us again, with
            // our handlers installed.
        } while wasContinued.load(ordering: .sequentiallyConsistent) && isInBackground
        for signal in ending + [SIGTSTP] { handle(signal) }
    }

    private static func handle(_ signal: Int32) {
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { signal in
            let saved = errno
            defer { errno = saved }
            if signal == SIGCONT, isStopping.load(ordering: .relaxed) {
                // The code that stopped the program is waiting for this and handles it.
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

/// Keeps the descriptor open as long as a handler may write to it.
private let installedInbox = Mutex<Inbox?>(nil)
private let pipeDescriptor = Atomic<Int32>(-1)
private let hasBeenAsked = Atomic<Bool>(false)
private let isStopping = Atomic<Bool>(false)
private let wasContinued = Atomic<Bool>(false)
