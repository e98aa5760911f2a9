internal import Glibc
public import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import Synchronization

/// The values that the operator's endpoint reports; the closures are called on its event loop.
public struct AdminReport: Sendable {
    /// Why the server accepts no new users; nil if it does.
    public var notReadyReason: @Sendable () -> String?
    /// The current figures.
    public var metrics: @Sendable () -> EventLoopFuture<[Metric]>

    /// Creates a report.
    public init(
        notReadyReason: @escaping @Sendable () -> String?,
        metrics: @escaping @Sendable () -> EventLoopFuture<[Metric]>
    ) {
        self.notReadyReason = notReadyReason
        self.metrics = metrics
    }
}

/// Where the operator's endpoint listens.
public enum AdminAddress: Hashable, Sendable, CustomStringConvertible {
    /// A unix socket, made with mode 0600.
    case unixSocket(path: String)
    /// A loopback address; others are refused, because the endpoint asks for no login.
    case loopback(SocketAddress)

    /// The path, or host and port.
    public var description: String {
        switch self {
        case .unixSocket(let path): path
        case .loopback(let address):
            HostAndPort(host: address.ipAddress ?? "", port: address.port ?? 0).description
        }
    }

    /// Reads `unix:PATH`, a path that starts with `/`, or `HOST:PORT` on loopback.
    ///
    /// - Parameter text: What the operator wrote.
    public init?(_ text: String) {
        if text.hasPrefix("unix:") || text.hasPrefix("/") {
            let path = text.hasPrefix("unix:") ? String(text.dropFirst(5)) : text
            guard !path.isEmpty, path.utf8.count < 90 else { return nil }
            self = .unixSocket(path: path)
            return
        }
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        if host == "localhost" { host = "127.0.0.1" }
        guard host == "::1" || host.hasPrefix("127."),
            let address = try? SocketAddress(ipAddress: host, port: Int(port))
        else { return nil }
        self = .loopback(address)
    }
}

/// Answers `/healthz`, `/readyz` and `/metrics` over HTTP for the operator.
public final class AdminEndpoint: Sendable {
    /// The most connections at a time.
    ///
    /// Few programs scrape, and each connection uses a file that the chat could need.
    private static let maximumConnections = 16

    private let channel: any Channel
    private let path: String?

    private init(channel: any Channel, path: String? = nil) {
        self.channel = channel
        self.path = path
    }

    /// The address it listens on.
    public var localAddress: SocketAddress? { channel.localAddress }

    /// Starts to listen.
    ///
    /// It blocks until the endpoint listens, so never call it on an event loop.
    ///
    /// - Parameters:
    ///   - address: The address to listen on.
    ///   - group: The event loops to run on.
    ///   - report: The values to report.
    ///   - longest: How long one connection may last, whatever happens on it.
    /// - Throws: The system's error if the address can't be used.
    public static func start(
        at address: AdminAddress,
        group: any EventLoopGroup,
        report: AdminReport,
        longest: TimeAmount = .seconds(30)
    ) throws -> AdminEndpoint {
        let open = OpenConnections()
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                guard open.add(atMost: maximumConnections) else { return channel.close() }
                let deadline = channel.eventLoop.scheduleTask(in: longest) { channel.close(promise: nil) }
                channel.closeFuture.whenComplete { _ in
                    deadline.cancel()
                    open.remove()
                }
                return channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(AdminHandler(report: report))
                }
            }
        switch address {
        case .unixSocket(let path):
            let socket = try PrivateSocket(path: path)
            let channel = try bootstrap.bind(unixDomainSocketPath: socket.bindingPath).wait()
            try socket.settle()
            return AdminEndpoint(channel: channel, path: path)
        case .loopback(let address):
            return AdminEndpoint(channel: try bootstrap.bind(to: address).wait())
        }
    }

    /// Stops listening, and removes the socket's file; blocks as ``start(at:group:report:)`` does.
    public func stop() {
        try? channel.close().wait()
        if let path { unlink(path) }
    }
}

/// Counts the open connections.
private final class OpenConnections: Sendable {
    private let count = Atomic(0)

    /// Counts one more; returns false if there are too many already.
    func add(atMost maximum: Int) -> Bool {
        guard count.wrappingAdd(1, ordering: .relaxed).newValue <= maximum else {
            remove()
            return false
        }
        return true
    }

    func remove() { count.wrappingSubtract(1, ordering: .relaxed) }
}

/// Answers one operator's connection.
final class AdminHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let report: AdminReport
    private var head: HTTPRequestHead?

    init(report: AdminReport) {
        self.report = report
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): self.head = head
        case .body: break
        case .end:
            guard let head else { return }
            self.head = nil
            answer(head, context: context)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func answer(_ head: HTTPRequestHead, context: ChannelHandlerContext) {
        guard head.method == .GET || head.method == .HEAD else {
            return send(.methodNotAllowed, "only GET\n", for: head, context: context)
        }
        switch head.uri.split(separator: "?", maxSplits: 1).first {
        case "/healthz":
            send(.ok, "ok\n", for: head, context: context)
        case "/readyz":
            if let reason = report.notReadyReason() {
                send(.serviceUnavailable, "\(reason)\n", for: head, context: context)
            } else {
                send(.ok, "ready\n", for: head, context: context)
            }
        case "/metrics":
            let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            report.metrics().hop(to: context.eventLoop).whenComplete { result in
                let (handler, context) = bound.value
                switch result {
                case .success(let metrics): handler.send(.ok, Metric.text(metrics), for: head, context: context)
                case .failure: handler.send(.internalServerError, "no figures\n", for: head, context: context)
                }
            }
        default:
            send(.notFound, "/healthz, /readyz, /metrics\n", for: head, context: context)
        }
    }

    private func send(
        _ status: HTTPResponseStatus,
        _ text: String,
        for request: HTTPRequestHead,
        context: ChannelHandlerContext
    ) {
        guard context.channel.isActive else { return }
        let body = context.channel.allocator.buffer(string: text)
        var head = HTTPResponseHead(version: request.version, status: status)
        head.headers.add(name: "Content-Type", value: "text/plain; version=0.0.4; charset=utf-8")
        head.headers.add(name: "Content-Length", value: String(body.readableBytes))
        if !request.isKeepAlive { head.headers.add(name: "Connection", value: "close") }
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if request.method != .HEAD { context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil) }
        let written = context.eventLoop.makePromise(of: Void.self)
        if !request.isKeepAlive {
            let channel = context.channel
            written.futureResult.whenComplete { _ in channel.close(promise: nil) }
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: written)
    }
}
