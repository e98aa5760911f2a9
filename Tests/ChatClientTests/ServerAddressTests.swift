internal import ChatClient
internal import Testing

@Suite("A server's address")
struct ServerAddressTests {
    @Test(
        "is read in every form that people write",
        arguments: [
            ("localhost", "localhost", 6666),
            ("example.org", "example.org", 6666),
            ("example.org:7000", "example.org", 7000),
            ("  example.org:7000\n", "example.org", 7000),
            ("192.168.1.20", "192.168.1.20", 6666),
            ("192.168.1.20:1", "192.168.1.20", 1),
            ("host_name-1:65535", "host_name-1", 65535),
            ("[::1]:7000", "::1", 7000),
            ("[::1]", "::1", 6666),
            ("::1", "::1", 6666),
            ("fe80::1%eth0", "fe80::1%eth0", 6666),
            ("[fe80::1%eth0]:7000", "fe80::1%eth0", 7000),
            ("2001:db8::6666", "2001:db8::6666", 6666),
            ("bücher.example:7000", "xn--bcher-kva.example", 7000),
            ("MÜNCHEN", "xn--mnchen-3ya", 6666),
            ("chats://straße.example", "xn--strae-oqa.example", 6666),
            ("हिन्दी.example", "xn--j2bd4cyah0f.example", 6666),
            ("例え.テスト", "xn--r8jz45g.xn--zckzah", 6666),
            ("xn--bcher-kva.example", "xn--bcher-kva.example", 6666),
            ("chat://example.org", "example.org", 6666),
            ("chat://example.org/", "example.org", 6666),
            ("chat://example.org:7000/", "example.org", 7000),
            ("CHAT://[::1]:7000", "::1", 7000),
            ("chats://example.org", "example.org", 6666),
            ("Chats://[::1]:7000/", "::1", 7000),
        ]
    )
    func reads(text: String, host: String, port: Int) throws {
        let address = try ServerAddress(text)
        #expect(address.host == host)
        #expect(address.port == port)
        #expect(address.requiresEncryption == text.lowercased().hasPrefix("chats://"))
        #expect(address.authority == (host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"))
        #expect(try ServerAddress(address.description) == address)
    }

    @Test(
        "is refused with a reason where it is none",
        arguments: [
            ("", .missingHost),
            ("  ", .missingHost),
            (":7000", .missingHost),
            ("chat://", .missingHost),
            ("host:", .invalidPort("")),
            ("host:0", .invalidPort("0")),
            ("host:65536", .invalidPort("65536")),
            ("host:7000x", .invalidPort("7000x")),
            ("host:+7000", .invalidPort("+7000")),
            ("host:-1", .invalidPort("-1")),
            ("host:99999999999999999999", .invalidPort("99999999999999999999")),
            ("[::1", .invalidHost("[::1")),
            ("[::1]7000", .invalidHost("[::1]7000")),
            ("[host]:7000", .invalidHost("[host]:7000")),
            ("[]:7000", .invalidHost("[]:7000")),
            ("ann@host", .invalidHost("ann@host")),
            ("host name", .invalidHost("host name")),
            ("host/room", .invalidHost("host/room")),
            ("-host", .invalidHost("-host")),
            ("ho\u{1B}st", .invalidHost("ho\u{1B}st")),
            ("hö／st", .invalidHost("hö／st")),
            ("hö\u{202E}st", .invalidHost("hö\u{202E}st")),
            ("hö st", .invalidHost("hö st")),
            ("fe80::1", .missingZone("fe80::1")),
            ("[FEBF::1]:7000", .missingZone("FEBF::1")),
            ("http://host", .unknownScheme("http")),
            ("chatss://host", .unknownScheme("chatss")),
            ("chats://", .missingHost),
        ] as [(String, ServerAddressError)]
    )
    func refuses(text: String, error: ServerAddressError) {
        #expect(throws: error) { try ServerAddress(text) }
        #expect(error.description.hasSuffix("."))
    }
}
