internal import ChatProtocol
internal import ChatServerCore
internal import Glibc
internal import NIOCore
internal import NIOPosix

/// Opens the sockets on which a server listens.
struct Listener {
    let group: MultiThreadedEventLoopGroup
    let hub: NIOLoopBound<Hub>
    let encryption: ListenerEncryption

    /// Listens on every address that a configuration means.
    ///
    /// - Throws: ``ServerError`` if not even one can be used; then no socket is left open.
    func listen(_ configuration: ServerConfiguration) throws(ServerError) -> [any Channel] {
        guard configuration.inheritedSockets.isEmpty else { return try adopt(configuration.inheritedSockets) }
        guard let host = configuration.host else { return try listenEverywhere(port: configuration.port) }
        let addresses = try HostResolver.addresses(of: host, port: configuration.port)
        return try bind(addresses, named: host)
    }

    /// Listens on IPv4 and IPv6 with one port; on a system without IPv6, on IPv4 alone.
    private func listenEverywhere(port: Int) throws(ServerError) -> [any Channel] {
        // With port 0 the second family needs the port that the first one got. If somebody else has it, try another
        // one.
        var tries = port == 0 ? 10 : 1
        while true {
            tries -= 1
            let first = try bind(["0.0.0.0"], port: port)
            let chosen = first.first?.localAddress?.port ?? port
            do throws(ServerError) {
                return first + (try bind(["::"], port: chosen))
            } catch {
                if error.isMissingFamily { return first }
                close(first)
                if tries == 0 { throw error }
            }
        }
    }

    private func bind(_ hosts: [String], port: Int) throws(ServerError) -> [any Channel] {
        var addresses: [SocketAddress] = []
        for host in hosts { addresses += try HostResolver.addresses(of: host, port: port) }
        return try bind(addresses, named: hosts.first ?? "")
    }

    private func bind(_ addresses: [SocketAddress], named host: String) throws(ServerError) -> [any Channel] {
        var channels: [any Channel] = []
        for var address in addresses {
            if let port = channels.first?.localAddress?.port { address.port = port }
            do {
                channels.append(try bootstrap(address).bind(to: address).wait())
            } catch {
                // `localhost` may mean ::1 on a system without IPv6.
                let failure = ServerError(binding: address, named: host, error)
                if failure.isMissingFamily, address != addresses.last || !channels.isEmpty { continue }
                close(channels)
                throw failure
            }
        }
        return channels
    }

    /// Listens on sockets that another program opened and handed over.
    private func adopt(_ sockets: [Int32]) throws(ServerError) -> [any Channel] {
        var channels: [any Channel] = []
        for socket in sockets {
            do {
                channels.append(try bootstrap(nil).withBoundSocket(socket).wait())
            } catch {
                close(channels)
                throw ServerError("file \(socket), handed over to listen on, is no listening socket: \(error)")
            }
        }
        return channels
    }

    private func close(_ channels: [any Channel]) {
        for channel in channels { try? channel.close().wait() }
    }

    private func bootstrap(_ address: SocketAddress?) -> ServerBootstrap {
        let (hub, encryption) = (hub, encryption)
        var bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 4096)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            // The original's clients know no PING, so the system checks whether they are alive.
            .childChannelOption(.socketOption(.so_keepalive), value: 1)
            .childChannelOption(Self.tcp(TCP_KEEPIDLE), value: 120)
            .childChannelOption(Self.tcp(TCP_KEEPINTVL), value: 30)
            .childChannelOption(Self.tcp(TCP_KEEPCNT), value: 4)
            // The same while output is on its way: then the system sends no keepalive, and would repeat the output for
            // a quarter of an hour.
            .childChannelOption(Self.tcp(TCP_USER_TIMEOUT), value: 240_000)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.writeBufferWaterMark, value: .init(low: 16_384, high: 65_536))
            .childChannelOption(
                .recvAllocator,
                value: AdaptiveRecvByteBufferAllocator(minimum: 2048, initial: 2048, maximum: 16_384)
            )
            .childChannelInitializer { channel in
                let peer = channel.remoteAddress
                let address = peer?.plainAddress ?? "unknown"
                let network = NetworkAddress(peer)
                return channel.eventLoop.makeCompletedFuture {
                    try hub.value.setUp(channel, from: address, network: network, encryption)
                }
            }
        if case .v6 = address {
            let alone = ChannelOptions.Types.SocketOption(level: .ipv6, name: .ipv6_v6only)
            bootstrap = bootstrap.serverChannelOption(alone, value: 1)
        }
        return bootstrap
    }

    private static func tcp(_ name: Int32) -> ChannelOptions.Types.SocketOption {
        ChannelOptions.Types.SocketOption(level: .tcp, name: NIOBSDSocket.Option(rawValue: name))
    }
}

extension SocketAddress {
    /// The address as text.
    ///
    /// An IPv4 peer of a socket for both families is written like any IPv4 address, because limits go by it.
    fileprivate var plainAddress: String? {
        guard let ipAddress else { return nil }
        guard ipAddress.hasPrefix("::ffff:"), ipAddress.contains(".") else { return ipAddress }
        return String(ipAddress.dropFirst("::ffff:".count))
    }
}
