internal import Foundation
internal import Synchronization

/// A process that a test starts, watches and ends by its pid.
final class ChildProcess: Sendable {
    /// Text that a pipe has brought so far.
    private final class Captured: Sendable {
        let text = Mutex("")

        func follow(_ handle: FileHandle) {
            handle.readabilityHandler = { [self] handle in
                let arrived = String(decoding: handle.availableData, as: UTF8.self)
                if arrived.isEmpty { handle.readabilityHandler = nil }
                text.withLock { $0 += arrived }
            }
        }
    }

    private let process = Process()
    private let output = Captured()
    private let errors = Captured()

    /// The process id.
    var pid: Int32 { process.processIdentifier }

    /// Everything it wrote to standard output so far.
    var standardOutput: String { output.text.withLock { $0 } }

    /// Everything it wrote to standard error so far.
    var standardError: String { errors.text.withLock { $0 } }

    /// Whether it runs.
    var isRunning: Bool { process.isRunning }

    init(_ path: String, _ arguments: [String], environment: [String: String]) throws {
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        let outputPipe = Pipe()
        let errorPipe = Pipe()
        process.standardOutput = outputPipe
        process.standardError = errorPipe
        output.follow(outputPipe.fileHandleForReading)
        errors.follow(errorPipe.fileHandleForReading)
        try process.run()
    }

    deinit {
        guard process.isRunning else { return }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// Sends a signal.
    func signal(_ number: Int32) {
        kill(process.processIdentifier, number)
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

    /// Waits for the end and gives the exit status, or nil when the time is over.
    func exitStatus(within seconds: Double) -> Int32? {
        let status: Int32? = try? eventually("the process ends", within: seconds) {
            process.isRunning ? nil : process.terminationStatus
        }
        return status
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
        port = try eventually("the server says how to connect") {
            guard process.isRunning else { throw Overdue(description: "the server ended: \(process.standardError)") }
            guard let line = process.standardOutput.split(separator: "\n").first(where: { $0.contains("127.0.0.1:") })
            else { return nil }
            return line.split(separator: ":").last.flatMap { Int($0.prefix { $0.isNumber }) }
        }
    }
}
