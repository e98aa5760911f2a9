internal import NIOCore

/// A numeric address with a port, in the form that `chat-tui connect` accepts.
public struct HostAndPort: Hashable, Sendable, CustomStringConvertible {
    /// The numeric IPv4 or IPv6 address, without brackets.
    public var host: String
    /// The TCP port.
    public var port: Int

    /// Creates an address.
    public init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Whether only this machine can use the address.
    public var isLoopback: Bool { host.hasPrefix("127.") || host == "::1" }

    /// `192.168.1.20:6666` or `[2001:db8::1]:6666`.
    public var description: String {
        host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}

/// The addresses at which a started server can be reached.
public struct ListeningAddresses: Hashable, Sendable {
    /// The addresses to give to others, IPv4 first.
    ///
    /// Loopback is in it only if there is nothing else.
    public var reachable: [HostAndPort]
    /// The address for a program on the same machine.
    public var local: HostAndPort

    /// Whether other machines can reach it.
    public var isPublic: Bool {
        reachable.contains { !$0.isLoopback }
    }
}

extension ListeningAddresses {
    /// Finds out at which addresses sockets can be reached.
    ///
    /// - Parameters:
    ///   - sockets: The addresses that they are bound to.
    ///   - interfaces: The machine's addresses.
    init(sockets: [SocketAddress], interfaces: [SocketAddress]) {
        var reachable: [HostAndPort] = []
        var loopback: [HostAndPort] = []
        for socket in sockets {
            guard let port = socket.port else { continue }
            let places = socket.isWildcard ? interfaces.filter { $0.protocol == socket.protocol } : [socket]
            for place in places {
                // A link-local address is useless without the name of an interface on the other machine.
                guard let host = place.ipAddress, !place.isLinkLocal else { continue }
                let entry = HostAndPort(host: host, port: port)
                if place.isLoopback {
                    if !loopback.contains(entry) { loopback.append(entry) }
                } else if !reachable.contains(entry) {
                    reachable.append(entry)
                }
            }
        }
        let isIPv4 = { (entry: HostAndPort) in !entry.host.utf8.contains(UInt8(ascii: ":")) }
        let all = loopback + reachable
        let anywhere = HostAndPort(host: "127.0.0.1", port: sockets.first?.port ?? 0)
        local = all.first(where: isIPv4) ?? all.first ?? anywhere
        let shown = reachable.isEmpty ? [local] : reachable
        self.reachable = shown.filter(isIPv4) + shown.filter { !isIPv4($0) }
    }
}

extension SocketAddress {
    fileprivate var isWildcard: Bool { ipAddress == "0.0.0.0" || ipAddress == "::" }

    /// Whether only this machine can use the address.
    var isLoopback: Bool {
        guard let ipAddress else { return false }
        return ipAddress == "::1" || ipAddress.hasPrefix("127.") || ipAddress.hasPrefix("::ffff:127.")
    }

    fileprivate var isLinkLocal: Bool {
        guard let ipAddress else { return false }
        return ipAddress.hasPrefix("169.254.") || ipAddress.hasPrefix("fe80:")
    }
}
