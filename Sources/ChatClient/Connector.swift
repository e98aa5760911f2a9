internal import ChatSession
internal import NIOCore
internal import NIOPosix

#if os(Linux) && canImport(Musl)
internal import Musl
#elseif os(Linux)
internal import Glibc
#endif

/// Opens connections to a server.
///
/// A connection it returns is ready for the first byte of the protocol, with encryption set up, and does not read until
/// it is told to.
protocol Connector: Sendable {
    /// Opens a connection.
    ///
    /// - Parameters:
    ///   - eventLoop: The event loop that the connection belongs to.
    ///   - allowsPlainText: Whether the user allowed plain text if it is not clear that the server speaks TLS.
    func connect(on eventLoop: any EventLoop, allowsPlainText: Bool) -> EventLoopFuture<OpenConnection>

    /// Explains, in words for the user, why ``connect(on:allowsPlainText:)`` failed.
    func explain(_ error: any Error) -> String
}

/// An open connection and what is known about it.
struct OpenConnection: Sendable {
    /// Something about the connection that the user should know.
    struct Notice: Hashable, Sendable {
        var text: String
        var isFailure: Bool
    }

    var channel: any Channel
    var description: SessionEvent.Channel
    /// What has read the connection so far: the rest of an answer may still be under way.
    var decoder = ServerStreamDecoder()
    var notices: [Notice] = []
}

/// Connects over TCP to a name or an address, with IPv6 or IPv4, whichever answers first.
struct TCPConnector: Connector {
    let address: ServerAddress
    var timeout: TimeAmount = .seconds(15)

    func connect(on eventLoop: any EventLoop, allowsPlainText: Bool) -> EventLoopFuture<OpenConnection> {
        open(on: eventLoop).map { connection($0) }
    }

    /// Describes a channel as a connection in plain text.
    func connection(_ channel: any Channel) -> OpenConnection {
        let description = SessionEvent.Channel(
            address: address.authority,
            isEncrypted: false,
            isLocal: channel.isLocal
        )
        return OpenConnection(channel: channel, description: description)
    }

    /// Opens a connection that does not read yet.
    func open(on eventLoop: any EventLoop) -> EventLoopFuture<any Channel> {
        ClientBootstrap(group: eventLoop)
            .connectTimeout(timeout)
            .channelOption(.autoRead, value: false)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(
                .recvAllocator,
                value: AdaptiveRecvByteBufferAllocator(minimum: 2048, initial: 2048, maximum: 65_536)
            )
            .watchingForDeadPeers()
            .connect(host: address.host, port: address.port)
    }

    func explain(_ error: any Error) -> String {
        ConnectFailure(error).explanation(of: address)
    }
}

extension Channel {
    /// Whether the server is on this machine.
    ///
    /// This looks at the address that was actually reached, because anybody can point a name to any address.
    var isLocal: Bool {
        guard let address = remoteAddress?.ipAddress else { return false }
        return address == "::1" || address.hasPrefix("127.") || address.hasPrefix("::ffff:127.")
    }
}

extension ClientBootstrap {
    /// Turns on TCP keepalive, so that the system checks whether a silent peer is still there.
    ///
    /// An original server knows no PING. Without this check, a network loss would never be noticed while the client
    /// only listens.
    fileprivate func watchingForDeadPeers() -> ClientBootstrap {
        let bootstrap = channelOption(.socketOption(.so_keepalive), value: 1)
        #if os(Linux)
        // After a minute of silence, probe four times in a minute; the default is two hours.
        return
            bootstrap
            .channelOption(.tcpOption(NIOBSDSocket.Option(rawValue: TCP_KEEPIDLE)), value: 60)
            .channelOption(.tcpOption(NIOBSDSocket.Option(rawValue: TCP_KEEPINTVL)), value: 15)
            .channelOption(.tcpOption(NIOBSDSocket.Option(rawValue: TCP_KEEPCNT)), value: 4)
            // The same limit for unacknowledged data: in that case the system sends no probes, and would repeat the
            // data for a quarter of an hour.
            .channelOption(.tcpOption(NIOBSDSocket.Option(rawValue: TCP_USER_TIMEOUT)), value: 120_000)
        #else
        return bootstrap
        #endif
    }
}
