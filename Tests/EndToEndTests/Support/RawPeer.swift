internal import Foundation

/// A bare TCP connection on loopback: what an old or a hostile program is to
/// the server.
final class RawPeer {
    /// Which loopback address to use.
    enum Family {
        /// 127.0.0.1
        case version4
        /// ::1
        case version6
    }

    private let descriptor: Int32

    /// Connects.
    ///
    /// - Parameter host: The last number of the 127.0.0.0/24 address to come from,
    ///   with ``Family/version4``.
    init(port: Int, family: Family = .version4, fromHost host: UInt8 = 1) throws {
        let result: Int32
        switch family {
        case .version4:
            descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = in_addr_t((0x7F00_0000 | UInt32(host)).bigEndian)
            guard Self.call(bind, descriptor, &address) == 0 else {
                close(descriptor)
                throw Overdue(description: "bind to 127.0.0.\(host)")
            }
            address.sin_port = in_port_t(UInt16(port).bigEndian)
            address.sin_addr.s_addr = in_addr_t(UInt32(0x7F00_0001).bigEndian)
            result = Self.connect(descriptor, to: &address)
        case .version6:
            descriptor = socket(AF_INET6, Int32(SOCK_STREAM.rawValue), 0)
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = in_port_t(UInt16(port).bigEndian)
            address.sin6_addr = in6addr_loopback
            result = Self.connect(descriptor, to: &address)
        }
        guard result == 0 else {
            let reason = String(cString: strerror(errno))
            close(descriptor)
            throw Overdue(description: "connect: \(reason)")
        }
    }

    deinit {
        close(descriptor)
    }

    private static func connect<Address>(_ descriptor: Int32, to address: inout Address) -> Int32 {
        call(Glibc.connect, descriptor, &address)
    }

    private static func call<Address>(
        _ function: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32,
        _ descriptor: Int32,
        _ address: inout Address
    ) -> Int32 {
        withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                function(descriptor, $0, socklen_t(MemoryLayout<Address>.size))
            }
        }
    }

    /// Writes text in one piece.
    func send(_ text: String) {
        send(Array(text.utf8))
    }

    /// Writes bytes; false where the peer took no more.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { buffer in
                Glibc.send(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// Says that nothing more will be sent, and goes on reading.
    func finishSending() {
        shutdown(descriptor, Int32(SHUT_WR))
    }

    /// What one `recv(2048)` gives within the time: nil at the end of the
    /// stream, empty when nothing came.
    func receive(within seconds: Double) -> String? {
        receiveBytes(2048, within: seconds).map { String(decoding: $0, as: UTF8.self) }
    }

    /// What one `recv` gives within the time: nil at the end of the stream,
    /// empty when nothing came.
    func receiveBytes(_ count: Int, within seconds: Double) -> [UInt8]? {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&waiting, 1, Int32(seconds * 1000)) > 0 else { return [] }
        var bytes = [UInt8](repeating: 0, count: count)
        let received = recv(descriptor, &bytes, bytes.count, 0)
        guard received > 0 else { return nil }
        return Array(bytes.prefix(received))
    }

    /// Reads until a chunk contains `text`, and gives every chunk up to it.
    func receive(until text: String, within seconds: Double = 10) throws -> [String] {
        var chunks: [String] = []
        let deadline = ContinuousClock.now.advanced(by: .seconds(seconds))
        while ContinuousClock.now < deadline {
            guard let chunk = receive(within: 0.2) else { break }
            if !chunk.isEmpty { chunks.append(chunk) }
            if chunk.contains(text) { return chunks }
        }
        throw Overdue(description: "never received «\(text)»; got \(chunks)")
    }

    /// Whether the other side closes within the time, whatever it still sends.
    func isClosed(within seconds: Double) -> Bool {
        let deadline = ContinuousClock.now.advanced(by: .seconds(seconds))
        while ContinuousClock.now < deadline {
            if receive(within: 0.2) == nil { return true }
        }
        return false
    }
}
