internal import ChatSystem
internal import ChatTestSupport
internal import Glibc
internal import Testing

@testable import ChatTUI

/// Each of these ends a process of its own in another way, and looks at the
/// terminal that it had taken.
///
/// Under a sanitizer, faults end with its report and an exit code of its own:
/// so for those no signal is asked for.
@Suite("Terminal guard", .timeLimit(.minutes(10)))
struct TerminalGuardTests {
    private let terminal: Pseudoterminal
    private let modeBefore: [UInt32]

    init() throws {
        terminal = try Pseudoterminal()
        modeBefore = terminal.mode
    }

    /// What has to hold whatever happened.
    private func expectRestored(_ output: String? = nil, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(terminal.mode == modeBefore, sourceLocation: sourceLocation)
        #expect((output ?? terminal.output()) == "<taken><given back>", sourceLocation: sourceLocation)
    }

    @Test("a trap")
    func trap() async {
        await #expect(processExitsWith: .failure) { [path = terminal.path as String] in
            TakenTerminal.take(path)
            let numbers = [1, 2, 3]
            print(numbers[numbers.count + Int(getpid() & 1)])
        }
        expectRestored()
    }

    @Test("an abort")
    func abortion() async {
        await #expect(processExitsWith: .signal(SIGABRT)) { [path = terminal.path as String] in
            TakenTerminal.take(path)
            abort()
        }
        expectRestored()
    }

    @Test("a bad address")
    func badAddress() async {
        await #expect(processExitsWith: .failure) { [path = terminal.path as String] in
            TakenTerminal.take(path)
            print(UnsafePointer<Int>(bitPattern: 8 + Int(getpid() & 1) * 8)?.pointee ?? 0)
        }
        expectRestored()
    }

    @Test("a stack that overflows")
    func stackOverflow() async {
        await #expect(processExitsWith: .failure) { [path = terminal.path as String] in
            TakenTerminal.take(path)
            TakenTerminal.onAThread { print(TakenTerminal.overflow(0)) }
        }
        expectRestored()
    }

    @Test("a trap on another thread")
    func otherThread() async {
        await #expect(processExitsWith: .failure) { [path = terminal.path as String] in
            TakenTerminal.take(path)
            TakenTerminal.onAThread { fatalError("on a thread") }
        }
        expectRestored()
    }

    @Test("signals that end it, sent by itself", arguments: TerminalGuard.signals)
    func fatalSignal(signal: Int32) async {
        await #expect(processExitsWith: .failure) { [path = terminal.path as String, signal] in
            TakenTerminal.take(path)
            kill(getpid(), signal)
            while true { pause() }
        }
        expectRestored()
    }

    @Test(
        "signals that end it, sent by another process, with a crash reporter in between",
        arguments: TerminalGuard.signals
    )
    func fatalSignalFromElsewhere(signal: Int32) async {
        await #expect(processExitsWith: .signal(signal)) { [path = terminal.path as String, signal] in
            // As Swift's does: it reports, and leaves the end to the fault, which for
            // a signal that was sent never comes.
            var reporter = sigaction()
            reporter.__sigaction_handler.sa_handler = { _ = Glibc.signal($0, SIG_DFL) }
            _ = sigaction(signal, &reporter, nil)
            TakenTerminal.take(path)
            // Ends a process that lives on.
            alarm(UInt32(Patience.milliseconds / 1000))
            pclose(popen("kill -\(signal) $PPID", "r"))
            while true { pause() }
        }
        expectRestored()
    }

    @Test("a signal to end that comes again while nobody listens", arguments: ProgramSignals.ending)
    func impatience(signal: Int32) async {
        await #expect(processExitsWith: .signal(signal)) { [path = terminal.path as String, signal] in
            let inbox = try Inbox()
            ProgramSignals.install(inbox)
            TakenTerminal.take(path)
            kill(getpid(), signal)
            while inbox.take().signals.isEmpty {}
            print(try #require(TerminalGuard.holdsTerminal ? "still taken" : nil))
            kill(getpid(), signal)
            while true { pause() }
        }
        expectRestored()
    }

    @Test("exit")
    func exiting() async {
        await #expect(processExitsWith: .exitCode(3)) { [path = terminal.path as String] in
            TakenTerminal.take(path)
            exit(3)
        }
        expectRestored()
    }

    @Test("leaving in order leaves the rest to curses")
    func inOrder() async {
        await #expect(processExitsWith: .success) { [path = terminal.path as String] in
            TakenTerminal.take(path)
            TerminalGuard.restore(inOrder: true)
            TerminalGuard.restore()
            exit(0)
        }
        expectRestored(terminal.output() + "<given back>")
    }

    @Test("without a terminal taken there is nothing to give back")
    func notTaken() async {
        await #expect(processExitsWith: .signal(SIGABRT)) { [path = terminal.path as String] in
            try TerminalGuard.install(on: open(path, O_RDWR | O_NOCTTY))
            abort()
        }
        #expect(terminal.mode == modeBefore)
        #expect(terminal.output() == "")
    }

    @Test("last words appear after the terminal is back, and only then")
    func lastWords() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            [path = terminal.path as String] in
            TakenTerminal.take(path)
            StandardErrorLog.begin()
            for number in 1...10_000 { TakenTerminal.say("line \(number)\n") }
            fatalError("last words")
        }
        expectRestored()
        let said = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(said.contains("last words"))
        #expect(said.contains("line 10000\n"))
        #expect(!said.contains("line 9000\n"))
    }

    @Test("what is no terminal can't be taken")
    func noTerminal() async {
        await #expect(processExitsWith: .success) {
            #expect(throws: SystemError.self) { try TerminalGuard.install(on: open("/dev/null", O_RDWR)) }
        }
    }
}

/// What the processes do before they end.
enum TakenTerminal {
    /// Sets up the terminal as the program does: guard first, then another mode.
    static func take(_ path: String) {
        let descriptor = open(path, O_RDWR | O_NOCTTY)
        guard (try? TerminalGuard.install(on: descriptor)) != nil else { exit(99) }
        var mode = termios()
        tcgetattr(descriptor, &mode)
        cfmakeraw(&mode)
        tcsetattr(descriptor, TCSANOW, &mode)
        TerminalGuard.arm(resetBytes: Array("<given back>".utf8))
        let taken = Array("<taken>".utf8)
        OpenFile.writeAll(taken, to: descriptor)
    }

    /// Runs something on a thread of its own, as the client's network does.
    static func onAThread(_ body: @escaping @Sendable () -> Void) {
        var thread = pthread_t()
        let work = Unmanaged.passRetained(Work(body))
        pthread_create(
            &thread,
            nil,
            { work in
                AlternateStack.install()
                work.map { Unmanaged<Work>.fromOpaque($0).takeRetainedValue().body() }
                return nil
            },
            work.toOpaque()
        )
        pthread_join(thread, nil)
    }

    private final class Work: Sendable {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) {
            self.body = body
        }
    }

    static func overflow(_ depth: Int) -> Int {
        withUnsafeTemporaryAllocation(byteCount: 512, alignment: 8) { memory in
            memory[depth & 511] = 1
            return overflow(depth + 1) &+ Int(memory[depth & 255])
        }
    }

    static func say(_ text: String) {
        let bytes = Array(text.utf8)
        OpenFile.writeAll(bytes, to: STDERR_FILENO)
    }
}
