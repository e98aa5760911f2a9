/// A numeric address with a port, written as `chat-tui connect` takes it.
public struct NetworkAddress: Hashable, Sendable, CustomStringConvertible {
    /// The numeric IPv4 or IPv6 address, without brackets.
    public var host: String
    /// The TCP port.
    public var port: Int

    /// Creates an address.
    public init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// `192.168.1.20:6666` or `[2001:db8::1]:6666`.
    public var description: String {
        host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}

/// Where a started server is found.
public struct ListeningAddresses: Hashable, Sendable {
    /// What to hand out: every address at which others can reach it, IPv4
    /// first; loopback only if there is nothing else.
    public var reachable: [NetworkAddress]
    /// How a program on the same machine reaches it.
    public var local: NetworkAddress
}
