internal import ChatSession
internal import NIOCore
internal import NIOPosix

#if os(Linux) && canImport(Musl)
internal import Musl
#elseif os(Linux)
internal import Glibc
#endif

/// Opens the way to a server.
///
/// What it hands over is ready for the protocol's first byte, encryption and
/// all, and does not read until it is told to.
protocol Connector: Sendable {
    /// Opens a connection.
    ///
    /// - Parameters:
    ///   - eventLoop: The loop that the connection has to live on.
    ///   - allowsPlainText: Whether the user allowed plain text where nothing
    ///     shows whether the server speaks TLS.
    func connect(on eventLoop: any EventLoop, allowsPlainText: Bool) -> EventLoopFuture<OpenConnection>

    /// Says in the user's words why ``connect(on:allowsPlainText:)`` failed.
    func explain(_ error: any Error) -> String
}

/// An open connection and what is known of it.
struct OpenConnection: Sendable {
    /// Something that its user should know.
    struct Notice: Hashable, Sendable {
        var text: String
        var isFailure: Bool
    }

    var channel: any Channel
    var description: SessionEvent.Channel
    var notices: [Notice] = []
}

/// Connects by TCP, by name or address, over whichever of IPv6 and IPv4 answers
/// first.
struct TCPConnector: Connector {
    let address: ServerAddress
    var timeout: TimeAmount = .seconds(15)

    func connect(on eventLoop: any EventLoop, allowsPlainText: Bool) -> EventLoopFuture<OpenConnection> {
        open(on: eventLoop).map { connection($0) }
    }

    /// A channel as a connection in plain text.
    func connection(_ channel: any Channel) -> OpenConnection {
        let description = SessionEvent.Channel(
            address: address.authority,
            isEncrypted: false,
            isLocal: channel.isLocal
        )
        return OpenConnection(channel: channel, description: description)
    }

    /// Opens a connection that nothing is read from yet.
    func open(on eventLoop: any EventLoop) -> EventLoopFuture<any Channel> {
        ClientBootstrap(group: eventLoop)
            .connectTimeout(timeout)
            .channelOption(.autoRead, value: false)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .watchingForDeadPeers()
            .connect(host: address.host, port: address.port)
    }

    func explain(_ error: any Error) -> String {
        ConnectFailure(error).explanation(of: address)
    }
}

extension Channel {
    /// Whether the peer is this machine: not by its name, which anybody may
    /// give any address, but by the address that was really reached.
    var isLocal: Bool {
        guard let address = remoteAddress?.ipAddress else { return false }
        return address == "::1" || address.hasPrefix("127.") || address.hasPrefix("::ffff:127.")
    }
}

extension ClientBootstrap {
    /// Has the system ask a silent peer for a sign of life.
    ///
    /// An original server knows no PING, and without this the loss of a network
    /// that was only listened to would never show.
    fileprivate func watchingForDeadPeers() -> ClientBootstrap {
        let bootstrap = channelOption(.socketOption(.so_keepalive), value: 1)
        #if os(Linux)
        // After a minute of silence, four times in a minute; two hours else.
        return
            bootstrap
            .channelOption(.tcpOption(NIOBSDSocket.Option(rawValue: TCP_KEEPIDLE)), value: 60)
            .channelOption(.tcpOption(NIOBSDSocket.Option(rawValue: TCP_KEEPINTVL)), value: 15)
            .channelOption(.tcpOption(NIOBSDSocket.Option(rawValue: TCP_KEEPCNT)), value: 4)
            // The same where something was sent: then the system asks nobody, and
            // repeats what it sent for a quarter of an hour.
            .channelOption(.tcpOption(NIOBSDSocket.Option(rawValue: TCP_USER_TIMEOUT)), value: 120_000)
        #else
        return bootstrap
        #endif
    }
}
