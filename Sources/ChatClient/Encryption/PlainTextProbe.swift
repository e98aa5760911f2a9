internal import ChatProtocol
internal import NIOCore

/// Finds out by plain text what kind of server is at the other end.
///
/// An original server refuses any first request that is not a login, and writes times with colons, which no server with
/// TLS does. After that it goes on as usual, so the connection can still be used.
final class PlainTextProbe: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer

    enum Answer: Hashable {
        /// It is an original server, which has no TLS.
        case original
        /// The server accepts nobody at the moment; with its reason.
        case busy(String)
        /// It is something else, or there was no answer: the server may speak TLS or not.
        case unclear
    }

    /// A request that is not a login and that every server of the protocol knows.
    private static let request = "USER,,"
    /// How an original server's answer begins; `0` stands for any digit.
    private static let pattern = "CONVER,time=0000-00-00 00:00:00,"

    private let answered: EventLoopPromise<Answer>
    private let channel: any Channel
    private var bytes = ByteBuffer()
    private var deadline: Scheduled<Void>?
    private var isOver = false

    private init(on channel: any Channel) {
        self.channel = channel
        answered = channel.eventLoop.makePromise()
    }

    /// Sends the request on a connection on which nothing was sent yet.
    ///
    /// - Parameters:
    ///   - channel: The connection; call on its event loop. It stops reading afterwards.
    ///   - patience: How long to wait for the answer.
    static func perform(on channel: any Channel, patience: TimeAmount) throws -> EventLoopFuture<Answer> {
        let probe = PlainTextProbe(on: channel)
        try channel.pipeline.syncOperations.addHandler(probe)
        probe.deadline = channel.eventLoop.assumeIsolated().scheduleTask(in: patience) { probe.end(.unclear) }
        channel.writeAndFlush(ByteBuffer(string: request), promise: nil)
        try channel.syncOptions?.setOption(.autoRead, value: true)
        return probe.answered.futureResult
    }

    /// What the bytes received so far say; nil if more are needed.
    static func judge(_ bytes: ByteBuffer) -> Answer? {
        let response = try? Response(decoding: bytes.readableBytesUInt8Span)
        if case .warning(let words, _, _)? = response?.body { return .busy(words) }
        let bytes = bytes.readableBytesView
        for (byte, expected) in zip(bytes, pattern.utf8) {
            let isDigit = (0x30...0x39).contains(byte)
            guard byte == expected || expected == 0x30 && isDigit else { return .unclear }
        }
        return bytes.count < pattern.utf8.count ? nil : .original
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isOver else { return }
        bytes.writeImmutableBuffer(unwrapInboundIn(data))
        if let answer = Self.judge(bytes) { end(answer) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        end(.unclear)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        end(.unclear)
    }

    private func end(_ answer: Answer) {
        guard !isOver else { return }
        isOver = true
        deadline?.cancel()
        try? channel.syncOptions?.setOption(.autoRead, value: false)
        channel.pipeline.syncOperations.removeHandler(self, promise: nil)
        answered.succeed(answer)
    }
}
