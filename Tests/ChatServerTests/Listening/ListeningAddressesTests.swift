internal import NIOCore
internal import Testing

@testable internal import ChatServer

@Suite("Listening addresses")
struct ListeningAddressesTests {
    private func addresses(_ list: [String], port: Int = 0) throws -> [SocketAddress] {
        try list.map { try SocketAddress(ipAddress: $0, port: port) }
    }

    @Test(
        "hands out what others can reach",
        arguments: [
            (
                ["0.0.0.0", "::"], ["127.0.0.1", "192.168.1.20", "::1", "fe80::1", "2001:db8::5", "10.0.0.3"],
                ["192.168.1.20:6666", "10.0.0.3:6666", "[2001:db8::5]:6666"], "127.0.0.1:6666"
            ),
            (["0.0.0.0"], ["127.0.0.1", "::1", "169.254.3.4"], ["127.0.0.1:6666"], "127.0.0.1:6666"),
            (["127.0.0.1"], ["127.0.0.1", "192.168.1.20"], ["127.0.0.1:6666"], "127.0.0.1:6666"),
            (["::1"], ["127.0.0.1", "::1"], ["[::1]:6666"], "[::1]:6666"),
            (["192.168.1.20"], ["127.0.0.1", "192.168.1.20"], ["192.168.1.20:6666"], "192.168.1.20:6666"),
        ]
    )
    func reachable(sockets: [String], interfaces: [String], expected: [String], local: String) throws {
        let listening = ListeningAddresses(
            sockets: try addresses(sockets, port: 6666),
            interfaces: try addresses(interfaces)
        )
        #expect(listening.reachable.map(\.description) == expected)
        #expect(listening.local.description == local)
    }
}
