internal import ChatSystem
internal import Glibc
internal import Synchronization

/// Gives the terminal back as it was, whatever ends the program.
///
/// Three ways lead out: leaving in order, `exit` (through `atexit`), and a
/// signal that ends the process, on any thread. For the last, everything needed
/// lies ready in memory: the handler only writes bytes, sets the terminal's mode,
/// and hands the signal to whoever handled it before, so that Swift's own crash
/// report appears on the normal screen. One that another process sent ends this
/// one there and then.
enum TerminalGuard {
    /// Signals that end the process where it stands: all whose default is to end
    /// it, but those that ``ProgramSignals`` turns into a request to leave,
    /// SIGPIPE, which is ignored, and SIGKILL, which nobody can handle.
    static let signals: [Int32] =
        [
            SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT, SIGSYS, SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM, SIGSTKFLT,
            SIGXCPU, SIGXFSZ, SIGVTALRM, SIGPROF, SIGIO, SIGPWR,
        ] + Array(__libc_current_sigrtmin()...__libc_current_sigrtmax())

    /// Remembers how the terminal is and watches over it from now on.
    ///
    /// To be called before anything changes the terminal; then ``arm(resetBytes:)``.
    ///
    /// - Parameter terminal: The terminal's descriptor.
    /// - Throws: ``SystemError`` when it is no terminal.
    static func install(on terminal: Int32) throws(SystemError) {
        guard tcgetattr(terminal, &state.pointee.mode) == 0 else { throw SystemError("tcgetattr") }
        state.pointee.descriptor = terminal
        guard !isInstalled.exchange(true, ordering: .sequentiallyConsistent) else { return }
        AlternateStack.install()
        atexit { TerminalGuard.restore() }
        for (index, signal) in signals.enumerated() {
            _ = sigaction(signal, nil, state.pointee.previous + index)
            // Whoever started us may have it ignored; then it ends nothing.
            if state.pointee.previous[index].isIgnored { continue }
            var action = sigaction()
            action.__sigaction_handler.sa_sigaction = { signal, information, _ in
                TerminalGuard.end(by: signal, origin: SignalOrigin(information))
            }
            // On a stack of its own: the ordinary one may be what overflowed.
            action.sa_flags = SA_SIGINFO | SA_ONSTACK
            // Setting the mode from the background must not stop us here.
            sigaddset(&action.sa_mask, SIGTTOU)
            _ = sigaction(signal, &action, nil)
        }
    }

    /// Says what undoes the changes to the terminal; from here on a crash does it.
    static func arm(resetBytes: [UInt8]) {
        isArmed.store(false, ordering: .sequentiallyConsistent)
        state.pointee.resetBytes?.deallocate()
        let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: max(1, resetBytes.count))
        memory.initialize(from: resetBytes, count: resetBytes.count)
        state.pointee.resetBytes = memory
        state.pointee.resetCount = resetBytes.count
        isArmed.store(true, ordering: .sequentiallyConsistent)
    }

    /// Whether the terminal is ours at the moment.
    static var holdsTerminal: Bool { isArmed.load(ordering: .sequentiallyConsistent) }

    /// Gives the terminal back, once; safe in a signal handler.
    ///
    /// - Parameter inOrder: Whether curses has already undone its own part. Then
    ///   what was typed and not read is dropped too: the rest of a paste or a
    ///   mouse report would otherwise be the shell's.
    static func restore(inOrder: Bool = false) {
        guard isArmed.exchange(false, ordering: .sequentiallyConsistent) else { return }
        if !inOrder {
            let bytes = UnsafeRawBufferPointer(start: state.pointee.resetBytes, count: state.pointee.resetCount)
            _ = OpenFile.writeAll(bytes, to: state.pointee.descriptor)
        }
        _ = tcsetattr(state.pointee.descriptor, inOrder ? TCSAFLUSH : TCSANOW, &state.pointee.mode)
        StandardErrorLog.end()
    }

    /// Whether an instruction can cause it.
    private static func isFault(_ signal: Int32) -> Bool {
        switch signal {
        case SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT, SIGSYS: true
        default: false
        }
    }

    /// Restores the terminal and lets the signal take its course.
    private static func end(by signal: Int32, origin: SignalOrigin) {
        let saved = errno
        restore()
        if origin == .otherProcess || !isFault(signal) {
            // Somebody ended us, or a limit did; there is no fault to report.
            // Swift's reporter would ask questions first, and return in the belief
            // that the fault comes again: the program would live on without its
            // screen.
            _ = Glibc.signal(signal, SIG_DFL)
            _ = raise(signal)
        } else {
            for index in 0..<state.pointee.signalCount where state.pointee.signals[index] == signal {
                _ = sigaction(signal, state.pointee.previous + index, nil)
            }
            // A faulting instruction faults again on return. What the program
            // raised would not come again, nor, on some processors, a trap.
            if origin == .thisProcess || signal == SIGTRAP || signal == SIGABRT { _ = raise(signal) }
        }
        errno = saved
    }
}

/// Who is behind a fatal signal.
private enum SignalOrigin {
    /// An instruction that can't be carried out.
    case fault
    /// `abort` and its like.
    case thisProcess
    /// `kill` from elsewhere.
    case otherProcess

    /// Reads what the kernel says; safe in a signal handler.
    init(_ information: UnsafePointer<siginfo_t>?) {
        // Codes above zero are the kernel's own.
        guard let information, information.pointee.si_code <= 0 else {
            self = .fault
            return
        }
        self = information.pointee._sifields._kill.si_pid == getpid() ? .thisProcess : .otherProcess
    }
}

/// Everything a handler needs, where no handler has to allocate.
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
