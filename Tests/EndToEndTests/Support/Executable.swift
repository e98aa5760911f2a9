internal import ChatTestSupport
internal import Foundation

/// The program under test and what it needs around it.
enum Executable {
    /// The `chat-tui` that was built together with these tests: it lies beside
    /// the test bundle.
    static let path: String = {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "/"
        return URL(fileURLWithPath: own).deletingLastPathComponent().appendingPathComponent("chat-tui").path
    }()

    /// An environment that keeps the user's own settings out of the tests.
    static func environment(home: String, adding extra: [String: String] = [:]) -> [String: String] {
        var environment = [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
            "HOME": home,
            "LANG": "C.UTF-8",
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
        ]
        environment.merge(extra) { $1 }
        return environment
    }

    /// Starts it.
    ///
    /// - Parameters:
    ///   - arguments: What stands behind `chat-tui`.
    ///   - home: Whose home folder it runs in.
    ///   - environment: More variables.
    ///   - input: What it finds on standard input.
    static func start(
        _ arguments: [String],
        home: ScratchFolder,
        environment: [String: String] = [:],
        input: String? = nil
    ) throws -> ChildProcess {
        try ChildProcess(
            path,
            arguments,
            environment: self.environment(home: home.path, adding: environment),
            input: input
        )
    }
}
