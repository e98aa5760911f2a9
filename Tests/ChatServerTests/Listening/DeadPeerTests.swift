internal import Glibc
internal import Testing

@Suite("Peers that are gone without a word", .serialized)
struct DeadPeerTests {
    @Test("are given up by the system after 4 minutes, whether or not something was said to them")
    func options() throws {
        let server = try TestServer()
        let peer = try SocketPeer(port: server.port)
        peer.send("CON,nickname=ann;password=;color=#00FF00,")
        _ = try peer.receive(until: ",OK")
        // The server's end of the connection is in this process, too.
        let accepted = try #require(
            (0..<4096).first { Self.port(of: $0, getsockname) == server.port && Self.port(of: $0, getpeername) != nil }
        )
        #expect(Self.option(SO_KEEPALIVE, level: SOL_SOCKET, of: accepted) == 1)
        let idle = try #require(Self.option(TCP_KEEPIDLE, level: Int32(IPPROTO_TCP), of: accepted))
        let interval = try #require(Self.option(TCP_KEEPINTVL, level: Int32(IPPROTO_TCP), of: accepted))
        let count = try #require(Self.option(TCP_KEEPCNT, level: Int32(IPPROTO_TCP), of: accepted))
        #expect(idle + interval * count == 240)
        #expect(Self.option(TCP_USER_TIMEOUT, level: Int32(IPPROTO_TCP), of: accepted) == 240_000)
    }

    private static func option(_ name: Int32, level: Int32, of descriptor: Int32) -> Int32? {
        var value: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(descriptor, level, name, &value, &length) == 0 ? value : nil
    }

    private static func port(
        of descriptor: Int32,
        _ name: (Int32, UnsafeMutablePointer<sockaddr>?, UnsafeMutablePointer<socklen_t>?) -> Int32
    ) -> Int? {
        var bytes = [UInt8](repeating: 0, count: 128)
        var length = socklen_t(bytes.count)
        let result = bytes.withUnsafeMutableBytes { buffer in
            buffer.withMemoryRebound(to: sockaddr.self) { name(descriptor, $0.baseAddress, &length) }
        }
        // The family, then the port.
        guard result == 0, Int32(bytes[0]) == AF_INET else { return nil }
        return Int(bytes[2]) << 8 | Int(bytes[3])
    }
}
