internal import ChatSystem
internal import Glibc
internal import Synchronization

/// Gives the terminal back in its original state, however the program ends.
///
/// The program can end in three ways: normally, by `exit` (handled with `atexit`), or by a signal on any thread. For a
/// signal, everything needed is prepared in memory. The handler only writes bytes, sets the terminal's mode, and passes
/// the signal to the previous handler, so that Swift's own crash report appears on the normal screen. A signal from
/// another process ends this one immediately.
enum TerminalGuard {
    /// The signals that end the process immediately.
    ///
    /// These are all whose default action ends it, except: those that ``ProgramSignals`` turns into a request to leave,
    /// SIGPIPE, which is ignored, and SIGKILL, which can't be handled.
    static let signals: [Int32] =
        [
            SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT, SIGSYS, SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM, SIGSTKFLT,
            SIGXCPU, SIGXFSZ, SIGVTALRM, SIGPROF, SIGIO, SIGPWR,
        ] + Array(__libc_current_sigrtmin()...__libc_current_sigrtmax())

    /// Remembers the state of the terminal and guards it from now on.
    ///
    /// Call it before anything changes the terminal; then call ``arm(resetBytes:)``.
    ///
    /// - Parameter terminal: The terminal's descriptor.
    /// - Throws: ``SystemError`` if it is not a terminal.
    static func install(on terminal: Int32) throws(SystemError) {
        guard tcgetattr(terminal, &state.pointee.mode) == 0 else { throw SystemError("tcgetattr") }
        state.pointee.descriptor = terminal
        guard !isInstalled.exchange(true, ordering: .sequentiallyConsistent) else { return }
        AlternateStack.install()
        atexit { TerminalGuard.restore() }
        for (index, signal) in signals.enumerated() {
            _ = sigaction(signal, nil, state.pointee.previous + index)
            // Our parent may have set it to be ignored; then it does not end the process.
            if state.pointee.previous[index].isIgnored { continue }
            var action = sigaction()
            action.__sigaction_handler.sa_sigaction = { signal, information, _ in
                TerminalGuard.end(by: signal, origin: SignalOrigin(information))
            }
            // Use a separate stack, because the ordinary one may have overflowed.
            action.sa_flags = SA_SIGINFO | SA_ONSTACK
            // Setting the mode from the background must not stop us here.
            sigaddset(&action.sa_mask, SIGTTOU)
            _ = sigaction(signal, &action, nil)
        }
    }

    /// Sets the bytes that undo our changes to the terminal; from now on a crash writes them.
    static func arm(resetBytes: [UInt8]) {
        isArmed.store(false, ordering: .sequentiallyConsistent)
        state.pointee.resetBytes?.deallocate()
        let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: max(1, resetBytes.count))
        memory.initialize(from: resetBytes, count: resetBytes.count)
        state.pointee.resetBytes = memory
        state.pointee.resetCount = resetBytes.count
        isArmed.store(true, ordering: .sequentiallyConsistent)
    }

    /// Whether the program holds the terminal at the moment.
    static var holdsTerminal: Bool { isArmed.load(ordering: .sequentiallyConsistent) }

    /// Gives the terminal back, once; safe in a signal handler.
    ///
    /// - Parameter inOrder: Whether curses has already undone its own changes. Unread input is then dropped, too;
    ///   otherwise the shell would get the rest of a paste or a mouse report.
    static func restore(inOrder: Bool = false) {
        guard isArmed.exchange(false, ordering: .sequentiallyConsistent) else { return }
        if !inOrder {
            let bytes = UnsafeRawBufferPointer(start: state.pointee.resetBytes, count: state.pointee.resetCount)
            _ = OpenFile.writeAll(bytes, to: state.pointee.descriptor)
        }
        _ = tcsetattr(state.pointee.descriptor, inOrder ? TCSAFLUSH : TCSANOW, &state.pointee.mode)
        StandardErrorLog.end()
    }

    /// Whether a CPU instruction can cause this signal.
    private static func isFault(_ signal: Int32) -> Bool {
        switch signal {
        case SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT, SIGSYS: true
        default: false
        }
    }

    /// Restores the terminal and lets the signal end the process.
    private static func end(by signal: Int32, origin: SignalOrigin) {
        let saved = errno
        restore()
        if origin == .otherProcess || !isFault(signal) {
            // Another process or a limit ended us, so there is no fault to report. Swift's crash reporter would first
            // ask questions and then return, expecting the fault to happen again; the program would go on without its
            // screen.
            _ = Glibc.signal(signal, SIG_DFL)
            _ = raise(signal)
        } else {
            for index in 0..<state.pointee.signalCount where state.pointee.signals[index] == signal {
                _ = sigaction(signal, state.pointee.previous + index, nil)
            }
            // A faulting instruction faults again when the handler returns. A signal that the program raised itself
            // would not come again, and on some processors neither would a trap, so raise those again.
            if origin == .thisProcess || signal == SIGTRAP || signal == SIGABRT { _ = raise(signal) }
        }
        errno = saved
    }
}

/// The origin of a fatal signal.
private enum SignalOrigin {
    /// A faulting CPU instruction.
    case fault
    /// The process itself, as with `abort`.
    case thisProcess
    /// Another process, as with `kill`.
    case otherProcess

    /// Reads the origin from the kernel's information; safe in a signal handler.
    init(_ information: UnsafePointer<siginfo_t>?) {
        // Codes above zero come from the kernel itself.
        guard let information, information.pointee.si_code <= 0 else {
            self = .fault
            return
        }
        self = information.pointee._sifields._kill.si_pid == getpid() ? .thisProcess : .otherProcess
    }
}

/// Everything that a handler needs, prepared so that no handler has to allocate memory.
private struct GuardState {
    var descriptor: Int32
    var mode: termios
    var resetBytes: UnsafeMutablePointer<UInt8>?
    var resetCount: Int
    let signals: UnsafeMutablePointer<Int32>
    let signalCount: Int
    let previous: UnsafeMutablePointer<sigaction>
}

extension sigaction {
    fileprivate var isIgnored: Bool {
        unsafeBitCast(__sigaction_handler.sa_handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }
}

nonisolated(unsafe) private let state: UnsafeMutablePointer<GuardState> = {
    let count = TerminalGuard.signals.count
    let signals = UnsafeMutablePointer<Int32>.allocate(capacity: count)
    signals.initialize(from: TerminalGuard.signals, count: count)
    let previous = UnsafeMutablePointer<sigaction>.allocate(capacity: count)
    previous.initialize(repeating: sigaction(), count: count)
    let pointer = UnsafeMutablePointer<GuardState>.allocate(capacity: 1)
    pointer.initialize(
        to: GuardState(
            descriptor: -1,
            mode: termios(),
            resetBytes: nil,
            resetCount: 0,
            signals: signals,
            signalCount: count,
            previous: previous
        )
    )
    return pointer
}()

private let isArmed = Atomic<Bool>(false)
private let isInstalled = Atomic<Bool>(false)
