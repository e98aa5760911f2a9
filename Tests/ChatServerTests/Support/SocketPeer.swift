internal import ChatProtocol
internal import Glibc
internal import NIOCore

/// A bare TCP connection to a server on loopback, with TLS in it where wanted.
final class SocketPeer {
    /// What a test reports when something did not come in time.
    struct Overdue: Error, CustomStringConvertible {
        let description: String
    }

    private let descriptor: Int32
    /// The TLS in it.
    let encryption: ClientEncryption?
    private var framed: [UInt8] = []
    private(set) var isAtEnd = false

    /// Connects.
    ///
    /// - Parameters:
    ///   - port: The port on 127.0.0.1.
    ///   - sendsAtOnce: Whether each write is a segment of its own, without Nagle's algorithm.
    ///   - receiveBuffer: The size of the socket's buffer, for a peer that is to be slow.
    ///   - encryption: TLS, which shakes hands at once; nil for plain text.
    init(
        port: Int,
        sendsAtOnce: Bool = false,
        receiveBuffer: Int32? = nil,
        encryption: ClientEncryption? = nil
    ) throws {
        self.encryption = encryption
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        if var size = receiveBuffer {
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        }
        if sendsAtOnce {
            var isOn: Int32 = 1
            setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &isOn, socklen_t(MemoryLayout<Int32>.size))
        }
        let descriptor = descriptor
        let result = try SocketAddress(ipAddress: "127.0.0.1", port: port).withSockAddr {
            connect(descriptor, $0, socklen_t($1))
        }
        guard result == 0 else { throw Overdue(description: String(cString: strerror(errno))) }
        try shakeHands()
    }

    private func shakeHands() throws {
        guard let encryption else { return }
        sendRaw(try encryption.hello())
        while !encryption.isEstablished {
            guard receive().isEmpty, !isAtEnd else { throw Overdue(description: "the handshake failed") }
        }
    }

    deinit {
        close(descriptor)
    }

    /// Writes text in one piece.
    func send(_ text: String) {
        send(Array(text.utf8))
    }

    /// Writes a message as a netstring.
    func send(framed text: String) {
        var bytes: [UInt8] = []
        Netstring.encode(Array(text.utf8), into: &bytes)
        send(bytes)
    }

    /// Writes bytes.
    func send(_ bytes: [UInt8]) {
        guard let encryption else { return sendRaw(bytes) }
        if let sealed = try? encryption.seal(bytes) { sendRaw(sealed) }
    }

    /// Writes bytes as they are.
    func sendRaw(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// Says that nothing more will be sent, in TLS's own way where there is TLS.
    func finishSending() {
        if let farewell = try? encryption?.close() { return sendRaw(farewell) }
        cutSending()
    }

    /// Ends the direction to the server without TLS knowing.
    func cutSending() {
        shutdown(descriptor, Int32(SHUT_WR))
    }

    /// What one `recv` gives; empty at the end, and where nothing comes for so long
    /// that something must be wrong.
    func receive(maximum: Int = 2048) -> [UInt8] {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&waiting, 1, 120_000) > 0 else { return [] }
        var bytes = [UInt8](repeating: 0, count: maximum)
        let count = recv(descriptor, &bytes, bytes.count, 0)
        guard count > 0 else {
            isAtEnd = true
            return []
        }
        guard let encryption else { return Array(bytes.prefix(count)) }
        let isHandshake = !encryption.isEstablished
        guard let (opened, answer) = try? encryption.open(Array(bytes.prefix(count))) else {
            isAtEnd = true
            return []
        }
        sendRaw(answer)
        if encryption.isEnded { isAtEnd = true }
        // What came may have been TLS's own.
        let isOver = isHandshake || isAtEnd || !opened.isEmpty
        return isOver ? opened : receive(maximum: maximum)
    }

    /// Reads unframed chunks until one contains a text.
    func receive(until text: String) throws -> String {
        var all = ""
        while !all.contains(text) {
            let chunk = receive()
            guard !chunk.isEmpty else { throw Overdue(description: "never received «\(text)»; got «\(all)»") }
            all += String(decoding: chunk, as: UTF8.self)
        }
        return all
    }

    /// Logs in with netstrings and reads up to the CONVER.
    func logIn(framedAs nickname: String) throws {
        send("CON,nickname=\(nickname);password=;color=#FFF;framing=netstring,")
        var bytes: [UInt8] = []
        while true {
            let chunk = receive()
            guard !chunk.isEmpty else { throw Overdue(description: "no CONVER for \(nickname)") }
            bytes += chunk
            guard let end = bytes.firstRange(of: Array(",OK".utf8)) else { continue }
            framed = Array(bytes[end.upperBound...])
            return
        }
    }

    /// The next netstring; nil at the end of the stream.
    func nextFrame() throws -> String? {
        while true {
            let bytes = framed
            let scan = try Netstring.scan(bytes.span, limit: Limits.framedResponseBytes)
            if case .frame(let payload, let end) = scan {
                let text = String(decoding: framed[payload], as: UTF8.self)
                framed.removeFirst(end)
                return text
            }
            let chunk = receive(maximum: 65_536)
            guard !chunk.isEmpty else {
                if isAtEnd { return nil }
                throw Overdue(description: "no frame; waiting with \(framed.count) bytes")
            }
            framed += chunk
        }
    }

    /// Reads netstrings up to one with a reason, and gives it.
    func nextFrame(of reason: String) throws -> String {
        while let frame = try nextFrame() {
            if frame.hasPrefix(reason + ",") { return frame }
        }
        throw Overdue(description: "the connection ended before \(reason)")
    }
}
