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
        guard failure == 0 else { throw Overdue(description: "\(path): \(String(cString: strerror(failure)))") }
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

    /// Waits for the end and gives the exit status, or nil when the time is over.
    func exitStatus(within seconds: Double) -> Int32? {
        try? eventually("the process ends", within: seconds) { exitStatus }
    }

    /// Processor time used so far, of all its threads, in seconds.
    func cpuSeconds() throws -> Double {
        let stat = try String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
        let fields = stat.split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else {
            throw Overdue(description: "no processor time for \(pid)")
        }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// Memory in use, in kilobytes.
    func residentKilobytes() throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        guard let number = line?.split(whereSeparator: { !$0.isNumber }).first.flatMap({ Int($0) }) else {
            throw Overdue(description: "no memory for \(pid)")
        }
        return number
    }
}

/// `chat-tui serve` on a port of the kernel's choice, on loopback.
final class RunningServer: Sendable {
    /// The process.
    let process: ChildProcess
    /// The port that it listens on.
    let port: Int

    init(arguments: [String] = [], home: ScratchFolder, port wanted: Int = 0) throws {
        process = try ChildProcess(
            Executable.path,
            ["serve", "--host", "127.0.0.1", "--port", "\(wanted)"] + arguments,
            environment: Executable.environment(home: home.path)
        )
        let process = process
        port = try eventually("the server says how to connect", within: arguments.contains("--users") ? 90 : 20) {
            guard process.isRunning else { throw Overdue(description: "the server ended: \(process.standardError)") }
            return Self.port(in: process.standardOutput)
        }
    }

    /// The port in the first line to connect with.
    static func port(in text: String) -> Int? {
        guard let line = text.split(separator: "\n").first(where: { $0.contains("chat-tui connect ") }),
            let address = line.components(separatedBy: "chat-tui connect ").last?.split(separator: " ").first
        else { return nil }
        return address.split(separator: ":").last.flatMap { Int($0) }
    }

    /// What the connect line says about the certificate.
    var fingerprint: String? {
        process.standardOutput.components(separatedBy: "--fingerprint ").dropFirst().first.map {
            String($0.prefix { !$0.isWhitespace })
        }
    }
}
