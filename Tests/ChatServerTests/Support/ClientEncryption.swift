internal import ChatSecurity
internal import NIOCore
internal import NIOEmbedded
internal import NIOSSL
internal import NIOTLS

/// The client's end of TLS without a socket: bytes in, bytes out.
final class ClientEncryption {
    private let channel = EmbeddedChannel()
    private let watcher = Watcher()

    /// Prepares a connection.
    ///
    /// - Parameter version: The only one that the client speaks; nil for what both can.
    init(_ version: TLSVersion? = nil) throws {
        var configuration = TLSConfiguration.makeClientConfiguration()
        // Whom to trust is tested elsewhere.
        configuration.certificateVerification = .none
        // Reading all that the system trusts takes its time.
        configuration.trustRoots = .certificates([])
        configuration.minimumTLSVersion = version ?? .tlsv12
        configuration.maximumTLSVersion = version
        let handler = try NIOSSLClientHandler(
            context: NIOSSLContext(configuration: configuration),
            serverHostname: nil
        )
        try channel.syncOptions?.setOption(.allowRemoteHalfClosure, value: true)
        try channel.pipeline.syncOperations.addHandlers(HalfClosing(), handler, watcher)
    }

    /// Whether the handshake is over.
    var isEstablished: Bool { watcher.isEstablished }

    /// Whether the server has said that nothing more will come.
    var isEnded: Bool { watcher.isEnded }

    /// The version that was agreed on.
    var version: TLSVersion? {
        try? channel.pipeline.syncOperations.nioSSL_tlsVersion()
    }

    /// The certificate that the server showed.
    var fingerprint: CertificateFingerprint? {
        let certificate = try? channel.pipeline.syncOperations.nioSSL_peerCertificate()
        return (try? certificate?.toDERBytes()).map { CertificateFingerprint(der: $0) }
    }

    /// What a connection starts with.
    func hello() throws -> [UInt8] {
        channel.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 1), promise: nil)
        return try output()
    }

    /// What to send so that the server reads these bytes.
    func seal(_ bytes: [UInt8]) throws -> [UInt8] {
        channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
        return try output()
    }

    /// What the server says, and what TLS itself has to answer.
    func open(_ bytes: [UInt8]) throws -> (opened: [UInt8], answer: [UInt8]) {
        try channel.writeInbound(ByteBuffer(bytes: bytes))
        let opened = watcher.received
        watcher.received = []
        return (opened, try output())
    }

    /// What to send so that the server knows that nothing more will come.
    func close() throws -> [UInt8] {
        channel.close(mode: .output, promise: nil)
        return try output()
    }

    private func output() throws -> [UInt8] {
        var bytes: [UInt8] = []
        while let buffer = try channel.readOutbound(as: ByteBuffer.self) { bytes += Array(buffer: buffer) }
        return bytes
    }
}

/// What stands at the client's end.
private final class Watcher: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    var received: [UInt8] = []
    var isEstablished = false
    var isEnded = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        received += Array(buffer: unwrapInboundIn(data))
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .some(.handshakeCompleted) = event as? TLSUserEvent { isEstablished = true }
        if case .some(.inputClosed) = event as? ChannelEvent { isEnded = true }
    }

    func channelInactive(context: ChannelHandlerContext) {
        isEnded = true
    }
}

/// Closes one direction alone, which the embedded channel can't.
private final class HalfClosing: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        if mode == .output { promise?.succeed() } else { context.close(mode: mode, promise: promise) }
    }
}
