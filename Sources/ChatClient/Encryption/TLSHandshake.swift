internal import NIOCore
internal import NIOTLS

/// Runs a TLS handshake, watches what both sides send, and reports how it ended.
///
/// Belongs to its channel's event loop.
final class TLSHandshake {
    /// How long to wait.
    struct Patience: Hashable {
        /// How long to wait for the first byte.
        var firstByte: TimeAmount
        /// How long to wait for the rest after that: a long certificate chain may come over a slow line.
        var rest = TimeAmount.seconds(30)
    }

    private let ended: EventLoopPromise<TLSFailure?>
    private let patience: Patience
    private let channel: any Channel
    private var isAnswered = false
    private var isOver = false
    private var deadline: Scheduled<Void>?

    private init(on channel: any Channel, patience: Patience) {
        self.channel = channel
        self.patience = patience
        ended = channel.eventLoop.makePromise()
    }

    /// Performs the handshake on a connection on which nothing was sent yet.
    ///
    /// - Parameters:
    ///   - channel: The connection; call on its event loop.
    ///   - handler: The handler that speaks TLS.
    /// - Returns: Nil once the connection is encrypted and its server accepted; otherwise the failure, and the
    ///   connection is closed.
    static func perform(
        on channel: any Channel,
        with handler: any ChannelHandler,
        patience: Patience
    ) throws -> EventLoopFuture<TLSFailure?> {
        let handshake = TLSHandshake(on: channel, patience: patience)
        try channel.pipeline.syncOperations.addHandlers([
            NetworkSide(handshake), handler, OwnSide(handshake),
        ])
        handshake.wait(patience.firstByte)
        try channel.syncOptions?.setOption(.autoRead, value: true)
        return handshake.ended.futureResult
    }

    private func wait(_ time: TimeAmount) {
        deadline?.cancel()
        deadline = channel.eventLoop.assumeIsolated().scheduleTask(in: time) {
            self.end(self.isAnswered ? .handshake("it does not go on") : .silence)
        }
    }

    /// Handles bytes from the server.
    ///
    /// - Returns: Whether they may be TLS, so that the TLS handler should get them.
    private func received(_ bytes: ByteBuffer) -> Bool {
        guard !isAnswered else { return true }
        guard !isOver else { return false }
        // A server's first record is a handshake message or an alert.
        guard let first = bytes.readableBytesView.first, first == 0x16 || first == 0x15,
            bytes.readableBytesView.dropFirst().first ?? 0x03 == 0x03
        else {
            end(.notTLS)
            return false
        }
        isAnswered = true
        wait(patience.rest)
        return true
    }

    private func broke(_ words: String) {
        end(isAnswered ? .handshake(words) : .closed)
    }

    private func succeeded() {
        guard !isOver else { return }
        // Stop reading until there is a handler for what arrives.
        try? channel.syncOptions?.setOption(.autoRead, value: false)
        end(nil)
    }

    private func end(_ failure: TLSFailure?) {
        guard !isOver else { return }
        isOver = true
        deadline?.cancel()
        // Whoever learns of a failure may open the next connection at once.
        if failure != nil { channel.close(promise: nil) }
        ended.succeed(failure)
    }

    private final class NetworkSide: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias InboundOut = ByteBuffer

        private let handshake: TLSHandshake

        init(_ handshake: TLSHandshake) { self.handshake = handshake }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            if handshake.received(unwrapInboundIn(data)) { context.fireChannelRead(data) }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            handshake.broke(TLSFailure.words(for: error))
            context.fireErrorCaught(error)
        }

        func channelInactive(context: ChannelHandlerContext) {
            handshake.broke("the server closed the connection")
            context.fireChannelInactive()
        }
    }

    private final class OwnSide: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let handshake: TLSHandshake

        init(_ handshake: TLSHandshake) { self.handshake = handshake }

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if case .handshakeCompleted? = event as? TLSUserEvent { handshake.succeeded() }
            context.fireUserInboundEventTriggered(event)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            handshake.broke(TLSFailure.words(for: error))
            context.fireErrorCaught(error)
        }
    }
}

extension TLSFailure {
    /// The library's words for an error, without its numbers and source locations.
    static func words(for error: any Error) -> String {
        let text = "\(error)"
        guard let mark = text.firstRange(of: "OPENSSL_internal:") else { return text }
        let words = text[mark.upperBound...].prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
        return words.replacing("_", with: " ").lowercased()
    }
}
