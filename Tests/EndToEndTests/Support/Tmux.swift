internal import ChatTestSupport
internal import Foundation

/// A terminal that a test can type into and look at.
final class Tmux {
    private let socketName = "chat-tui-e2e-\(UUID().uuidString.prefix(8))"
    /// The home folder of who sits at it.
    let home: ScratchFolder

    /// Opens a terminal that runs one program.
    ///
    /// - Parameters:
    ///   - command: The program's arguments; `chat-tui` itself goes without saying.
    ///   - columns: The width.
    ///   - rows: The height.
    init(
        _ command: [String],
        columns: Int = 100,
        rows: Int = 30,
        home: ScratchFolder,
        environment: [String: String] = [:],
        throughShell: Bool = false
    ) throws {
        self.home = home
        let line = ([Executable.path] + command).map { "'\($0)'" }.joined(separator: " ")
        var arguments = ["new-session", "-d", "-x", "\(columns)", "-y", "\(rows)"]
        for (key, value) in Executable.environment(home: home.path, adding: environment) {
            arguments += ["-e", "\(key)=\(value)"]
        }
        try run(["-f", "/dev/null"] + arguments + (throughShell ? ["bash --norc"] : [line]))
        if throughShell { try type("PS1='$ '; clear; \(line)\n") }
    }

    deinit {
        _ = try? run(["kill-server"])
    }

    /// The screen as text, one line a row.
    func screen() throws -> String {
        try run(["capture-pane", "-p"])
    }

    /// The screen with its colors as escape sequences.
    func styledScreen() throws -> String {
        try run(["capture-pane", "-p", "-e"])
    }

    /// Types text; a line feed is Enter.
    func type(_ text: String) throws {
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if index > 0 { try press("Enter") }
            if !line.isEmpty { try run(["send-keys", "-l", "--", String(line)]) }
        }
    }

    /// Presses keys by tmux's names (`Enter`, `PPage`, `C-c`).
    func press(_ keys: String...) throws {
        try run(["send-keys"] + keys)
    }

    /// Pastes text as a terminal does, bracketed where the program asked for it.
    func paste(_ text: String) throws {
        try run(["set-buffer", "-b", "paste", "--", text])
        try run(["paste-buffer", "-p", "-b", "paste"])
    }

    /// Gives the window another size.
    func resize(columns: Int, rows: Int) throws {
        try run(["resize-window", "-x", "\(columns)", "-y", "\(rows)"])
    }

    /// The pid of the program in the terminal.
    func programPID() throws -> Int32? {
        try Int32(run(["display-message", "-p", "#{pane_pid}"]).trimmingCharacters(in: .whitespacesAndNewlines))
    }

    /// One of tmux's own answers about the pane, by format.
    func query(_ format: String) throws -> String {
        try run(["display-message", "-p", format]).trimmingCharacters(in: .newlines)
    }

    /// Whether the terminal still exists.
    var isAlive: Bool {
        (try? run(["has-session"])) != nil
    }

    /// Waits until the shell has the terminal's first screen again.
    func waitForShell() throws {
        try eventually("the shell never came back") {
            try query("#{alternate_on}") == "0" ? () : nil
        }
    }

    /// Waits until the screen contains a text and gives the screen.
    @discardableResult
    func waitFor(_ text: String) throws -> String {
        var last = ""
        return try eventually("never saw «\(text)» on:\n\(last)") {
            last = try screen()
            return last.contains(text) ? last : nil
        }
    }

    @discardableResult
    private func run(_ arguments: [String]) throws -> String {
        let tmux = try ChildProcess(
            "/usr/bin/tmux",
            ["-L", socketName] + arguments,
            environment: Executable.environment(home: home.path, adding: ["TERM": "xterm-256color"])
        )
        guard try tmux.end() == 0 else {
            throw Overdue("tmux \(arguments.joined(separator: " ")): \(tmux.standardError)")
        }
        return tmux.standardOutput
    }
}
