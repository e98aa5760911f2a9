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
}

/// A folder of its own for one test, gone when the test is.
final class ScratchFolder: Sendable {
    /// Its path.
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory
            .appendingPathComponent("chat-tui-e2e-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Writes a file and gives its path.
    func write(_ text: String, to name: String) throws -> String {
        let file = "\(path)/\(name)"
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        return file
    }
}

/// What a test reports when the program did not do in time what it should.
struct Overdue: Error, CustomStringConvertible {
    let description: String
}

/// Asks again and again until `condition` gives something, or the time is over.
func eventually<Value>(
    _ what: @autoclosure () -> String,
    within seconds: Double = 20,
    _ condition: () throws -> Value?
) throws -> Value {
    let deadline = ContinuousClock.now.advanced(by: .seconds(seconds))
    while true {
        if let value = try condition() { return value }
        guard ContinuousClock.now < deadline else { throw Overdue(description: what()) }
        usleep(20_000)
    }
}
