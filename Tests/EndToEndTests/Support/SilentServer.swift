internal import ChatTestSupport
internal import Foundation

/// A server that takes every connection, writes down what comes first, and
/// answers requests before and at a login as an original server does; a TLS hello
/// is met with silence.
final class SilentServer: @unchecked Sendable {
    /// Where it listens on loopback.
    let port: Int
    private let descriptor: Int32
    private let lock = NSLock()
    private var chunks: [[UInt8]] = []

    init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let (descriptor, capacity) = (descriptor, length)
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(descriptor, address, capacity) == 0 && listen(descriptor, 8) == 0
                    && getsockname(descriptor, address, &length) == 0
            }
        }
        guard isListening else { throw Overdue("no socket to listen on") }
        port = Int(UInt16(bigEndian: address.sin_port))
        Thread.detachNewThread { [self] in
            while true {
                let connection = accept(descriptor, nil, nil)
                guard connection >= 0 else { return }
                let number = lock.withLock {
                    chunks.append([])
                    return chunks.count - 1
                }
                Thread.detachNewThread { self.serve(connection, number) }
            }
        }
    }

    /// Stops listening.
    func stop() {
        shutdown(descriptor, Int32(SHUT_RDWR))
        close(descriptor)
    }

    /// What each connection sent first, in the order in which they came.
    var firstChunks: [[UInt8]] { lock.withLock { chunks } }

    private func serve(_ connection: Int32, _ number: Int) {
        defer { close(connection) }
        var buffer = [UInt8](repeating: 0, count: 1024)
        while true {
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { return }
            let chunk = Array(buffer.prefix(count))
            lock.withLock { if chunks[number].isEmpty { chunks[number] = chunk } }
            let request = String(decoding: chunk, as: UTF8.self)
            let verdict = ["CON": "OK", "USER": "Error: Unknown connection attempt."]
            guard let words = verdict[String(request.prefix { $0 != "," })] else { continue }
            let answer = Array("CONVER,time=2026-11-22 12:04:05,\(words)".utf8)
            _ = send(connection, answer, answer.count, Int32(MSG_NOSIGNAL))
        }
    }
}
