internal import Glibc
internal import NIOCore

/// Turns the host that an operator writes into addresses to listen on.
enum HostResolver {
    /// All addresses of a name, or the address that is written out.
    ///
    /// - Parameters:
    ///   - host: A name or a numeric address; IPv6 with or without brackets.
    ///   - port: The TCP port.
    static func addresses(of host: String, port: Int) throws(ServerError) -> [SocketAddress] {
        let name = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_PASSIVE
        var list: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(name, String(port), &hints, &list)
        guard status == 0 else {
            throw ServerError("\(host) can't be listened on: \(String(cString: gai_strerror(status)))")
        }
        defer { freeaddrinfo(list) }
        var addresses: [SocketAddress] = []
        var entry = list
        while let info = entry {
            if let address = address(info.pointee), !addresses.contains(address) { addresses.append(address) }
            entry = info.pointee.ai_next
        }
        guard !addresses.isEmpty else { throw ServerError("\(host) has no address") }
        return addresses
    }

    private static func address(_ info: addrinfo) -> SocketAddress? {
        guard let raw = UnsafeRawPointer(info.ai_addr) else { return nil }
        switch info.ai_family {
        case AF_INET: return SocketAddress(raw.loadUnaligned(as: sockaddr_in.self))
        case AF_INET6: return SocketAddress(raw.loadUnaligned(as: sockaddr_in6.self))
        default: return nil
        }
    }
}
