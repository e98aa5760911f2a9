internal import NIOCore
internal import Testing

@testable internal import ChatServer

@Suite("Who may do without TLS")
struct PlaintextPolicyTests {
    @Test(
        "depends on where they are",
        arguments: [
            ("127.0.0.1", true), ("127.9.8.7", true), ("::1", true), ("::ffff:127.0.0.1", true),
            ("128.0.0.1", false), ("192.168.1.20", false), ("12.7.0.1", false), ("2001:db8::1", false), ("::", false),
            ("::ffff:10.0.0.1", false), ("fe80::1", false),
        ]
    )
    func address(text: String, isLoopback: Bool) throws {
        let address = try SocketAddress(ipAddress: text, port: 6666)
        #expect(PlaintextPolicy.allow.allows(address))
        #expect(PlaintextPolicy.loopback.allows(address) == isLoopback)
        #expect(!PlaintextPolicy.refuse.allows(address))
    }

    @Test("nobody knows where somebody without an address is")
    func noAddress() throws {
        #expect(PlaintextPolicy.allow.allows(nil))
        #expect(!PlaintextPolicy.loopback.allows(nil))
        #expect(try !PlaintextPolicy.loopback.allows(SocketAddress(unixDomainSocketPath: "/run/chat")))
    }
}
