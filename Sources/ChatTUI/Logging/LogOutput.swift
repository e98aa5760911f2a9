internal import ChatSystem
internal import Dispatch
internal import Glibc
internal import Synchronization

/// Writes log lines on a thread of its own, so that logging never makes anybody wait.
///
/// The reader of the log may stop reading: a pager, a full disk, a hung service. Lines beyond ``lineLimit`` are then
/// dropped, and one line says how many are missing.
final class LogOutput: Sendable {
    /// The most lines that may wait.
    static let lineLimit = 4096

    private struct State {
        var lines: [String] = []
        var lost = 0
        var isWriting = false
    }

    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "chat-tui.log")
    private let sink: @Sendable (String) -> Void
    private let apology: @Sendable (_ lost: Int) -> String

    /// - Parameters:
    ///   - sink: Writes one line with its line end; it may wait as long as it needs to.
    ///   - apology: Makes the line that says how many lines are missing.
    init(
        sink: @escaping @Sendable (String) -> Void = LogOutput.writeToStandardError,
        apology: @escaping @Sendable (_ lost: Int) -> String
    ) {
        self.sink = sink
        self.apology = apology
    }

    /// Adds a line.
    func write(_ line: String) {
        let begins = state.withLock { state in
            guard state.lines.count < Self.lineLimit else {
                state.lost += 1
                return false
            }
            state.lines.append(line)
            defer { state.isWriting = true }
            return !state.isWriting
        }
        if begins { queue.async { self.drain() } }
    }

    /// Waits until all lines so far are written, but no longer than the given time.
    func flush(within milliseconds: Int) {
        let done = DispatchSemaphore(value: 0)
        queue.async { done.signal() }
        _ = done.wait(timeout: .now() + .milliseconds(milliseconds))
    }

    private func drain() {
        while true {
            let (lines, lost) = state.withLock { state in
                defer {
                    state.isWriting = !state.lines.isEmpty || state.lost > 0
                    state.lines = []
                    state.lost = 0
                }
                return (state.lines, state.lost)
            }
            guard !lines.isEmpty || lost > 0 else { return }
            for line in lines { sink(line) }
            if lost > 0 { sink(apology(lost)) }
        }
    }

    /// Writes the line in one call, so that lines of different processes don't mix.
    static let writeToStandardError: @Sendable (String) -> Void = { line in
        let bytes = Array(line.utf8)
        OpenFile.writeAll(bytes, to: STDERR_FILENO)
    }
}
