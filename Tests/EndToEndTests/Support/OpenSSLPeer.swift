internal import ChatTestSupport
internal import Foundation

/// `openssl s_client`: TLS that is not ours, at the other end.
final class OpenSSLPeer {
    private let process: ChildProcess
    /// Its standard input, held open so that it does not end.
    private let input: Int32

    /// Connects to a server on loopback.
    ///
    /// - Parameters:
    ///   - port: The port.
    ///   - arguments: More of `s_client`'s own.
    ///   - home: Where its input lies.
    init(port: Int, _ arguments: [String] = [], home: ScratchFolder) throws {
        let pipe = "\(home.path)/openssl-\(UUID().uuidString)"
        guard mkfifo(pipe, 0o600) == 0 else {
            throw Overdue("mkfifo: \(String(cString: strerror(errno)))")
        }
        // For both directions, so that nobody waits for the other end to open.
        input = open(pipe, O_RDWR | O_CLOEXEC)
        let client = "exec openssl s_client -quiet -connect 127.0.0.1:\(port) \(arguments.joined(separator: " "))"
        process = try ChildProcess(
            "/bin/sh",
            ["-c", "\(client) < '\(pipe)'"],
            environment: Executable.environment(home: home.path)
        )
    }

    deinit {
        close(input)
    }

    /// Sends text in one record.
    func send(_ text: String) {
        let bytes = Array(text.utf8)
        _ = write(input, bytes, bytes.count)
    }

    /// Waits until it has received a text, and gives everything so far.
    @discardableResult
    func receive(until text: String) throws -> String {
        try eventually("«\(text)» over TLS; got «\(received)» \(process.standardError)") {
            received.contains(text) ? received : nil
        }
    }

    /// Waits until the server, or a failed handshake, ends it.
    func waitForEnd() throws { try process.end() }

    /// What it received.
    var received: String { process.standardOutput }

    /// The fingerprint of a server's certificate, as `openssl` calculates it.
    static func fingerprint(port: Int, home: ScratchFolder) throws -> String {
        let shown = "openssl s_client -connect 127.0.0.1:\(port) < /dev/null"
        let process = try ChildProcess(
            "/bin/sh",
            ["-c", "\(shown) | openssl x509 -noout -fingerprint -sha256"],
            environment: Executable.environment(home: home.path)
        )
        guard try process.end() == 0, let digits = process.standardOutput.split(separator: "=").last else {
            throw Overdue("no certificate: \(process.standardError)")
        }
        return "sha256:" + digits.lowercased().filter { $0.isHexDigit }
    }

    /// Makes a certificate with a key of the usual kind, as an operator would.
    ///
    /// - Returns: The paths of both.
    static func makeCertificate(
        named name: String,
        in folder: ScratchFolder
    ) throws -> (certificate: String, key: String) {
        let (certificate, key) = ("\(folder.path)/\(name).pem", "\(folder.path)/\(name).key")
        let process = try ChildProcess(
            "/usr/bin/openssl",
            [
                "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=\(name).example", "-days", "30",
                "-out", certificate, "-keyout", key,
            ],
            environment: Executable.environment(home: folder.path)
        )
        guard try process.end() == 0 else { throw Overdue(process.standardError) }
        return (certificate, key)
    }
}
