internal import ChatTestSupport
internal import Foundation
internal import Synchronization

/// A process that a test starts, watches and ends by its pid.
///
/// Started by `posix_spawn` and with nothing open but the three standard files:
/// what inherits a descriptor of the tests' keeps them waiting for its end.
final class ChildProcess: Sendable {
    /// The process id.
    let pid: pid_t
    private let output: String
    private let errors: String
    private let status = Mutex<Int32?>(nil)

    /// - Parameters:
    ///   - input: What it finds on standard input; nothing at all where nil.
    ///   - socket: What it finds as its file 3.
    init(
        _ path: String,
        _ arguments: [String],
        environment: [String: String],
        input: String? = nil,
        handing socket: Int32? = nil
    ) throws {
        let files = FileManager.default.temporaryDirectory.appendingPathComponent("chat-tui-e2e-\(UUID().uuidString)")
            .path
        output = "\(files).out"
        errors = "\(files).err"
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let inputFile = "\(files).in"
        if let input { try input.write(toFile: inputFile, atomically: false, encoding: .utf8) }
        defer { unlink(inputFile) }
        posix_spawn_file_actions_addopen(&actions, 0, input == nil ? "/dev/null" : inputFile, O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        if let socket { posix_spawn_file_actions_adddup2(&actions, socket, 3) }
        for descriptor in 3..<Int32(1024) { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        var list: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { for text in list + variables { free(text) } }
        // This thread belongs to a pool that keeps signals out; a program
        // started from a shell has none of them blocked.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var pid: pid_t = 0
        let failure = posix_spawn(&pid, path, &actions, &attributes, &list, &variables)
        guard failure == 0 else { throw Overdue("\(path): \(String(cString: strerror(failure)))") }
        self.pid = pid
    }

    deinit {
        if isRunning {
            kill(pid, SIGKILL)
            waitpid(pid, nil, 0)
        }
        unlink(output)
        unlink(errors)
    }

    /// Everything it wrote to standard output so far.
    var standardOutput: String { (try? String(contentsOfFile: output, encoding: .utf8)) ?? "" }

    /// Everything it wrote to standard error so far.
    var standardError: String { (try? String(contentsOfFile: errors, encoding: .utf8)) ?? "" }

    /// Whether it runs.
    var isRunning: Bool { exitStatus == nil }

    /// The exit status once it has ended; 128 and the signal's number where one ended it.
    private var exitStatus: Int32? {
        status.withLock { known in
            if known == nil {
                var raw: Int32 = 0
                if waitpid(pid, &raw, WNOHANG) == pid {
                    known = raw & 0x7F == 0 ? raw >> 8 & 0xFF : 128 + (raw & 0x7F)
                }
            }
            return known
        }
    }

    /// Sends a signal.
    func signal(_ number: Int32) {
        kill(pid, number)
    }

    /// Waits for the end and gives the exit status.
    @discardableResult
    func end() throws -> Int32 {
        try eventually("\(pid) never ended; it said:\n\(standardOutput)\(standardError)") { exitStatus }
    }

    /// Sends the signal that stops it, and waits until all its threads stand still.
    func stop() throws {
        signal(SIGSTOP)
        try eventually("\(pid) never stood still") {
            let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task")) ?? []
            let isStill = threads.allSatisfy { thread in
                (try? Self.statistics(of: "\(pid)/task/\(thread)"))?.first == "T"
            }
            return isStill && !threads.isEmpty ? () : nil
        }
    }

    /// Waits until it lets others have the processor: a program that spins would
    /// take as much of it as this test.
    func waitUntilIdle() throws {
        try eventually("\(pid) never rested") {
            let before = try Self.cpuSeconds(of: "\(pid)")
            let ownBefore = try Self.cpuSeconds(of: "thread-self")
            while try Self.cpuSeconds(of: "thread-self") - ownBefore < 0.5 {}
            return try Self.cpuSeconds(of: "\(pid)") - before < 0.1 ? () : nil
        }
    }

    /// Processor time that a process, with all its threads, or a thread has used so far, in seconds.
    private static func cpuSeconds(of task: String) throws -> Double {
        let fields = try statistics(of: task)
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else {
            throw Overdue("no processor time for \(task)")
        }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// What the system says in `stat`, from the state on.
    private static func statistics(of task: String) throws -> [Substring] {
        let text = try String(contentsOfFile: "/proc/\(task)/stat", encoding: .utf8)
        return text.split(separator: ")").last?.split(separator: " ") ?? []
    }

    /// Memory in use, in kilobytes.
    func residentKilobytes() throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        guard let number = line?.split(whereSeparator: { !$0.isNumber }).first.flatMap({ Int($0) }) else {
            throw Overdue("no memory for \(pid)")
        }
        return number
    }
}
