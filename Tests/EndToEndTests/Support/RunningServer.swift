internal import ChatTestSupport
internal import Foundation
internal import Testing

/// `chat-tui serve` on a port of the kernel's choice, on loopback.
final class RunningServer: Sendable {
    /// The process.
    let process: ChildProcess
    /// The port that it listens on.
    let port: Int

    init(
        arguments: [String] = [],
        home: ScratchFolder,
        port wanted: Int = 0,
        environment: [String: String] = [:]
    ) throws {
        process = try Executable.start(
            ["serve", "--host", "127.0.0.1", "--port", "\(wanted)"] + arguments,
            home: home,
            environment: environment
        )
        let process = process
        port = try eventually("the server never said how to connect") {
            guard process.isRunning else { throw Overdue("the server ended: \(process.standardError)") }
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

    /// Waits until the log holds a text.
    func waitForLog(_ text: String) throws {
        try eventually("«\(text)» is not in the log:\n\(process.standardError)") {
            process.standardError.contains(text) ? () : nil
        }
    }

    /// Tells it to end, as a service manager does, and waits until it has ended well.
    func endInOrder(sourceLocation: SourceLocation = #_sourceLocation) throws {
        process.signal(SIGTERM)
        #expect(try process.end() == 0, sourceLocation: sourceLocation)
    }

    /// Ends it as a crash does.
    func crash() throws {
        process.signal(SIGKILL)
        try process.end()
    }
}
