internal import ChatProtocol
internal import NIOCore

/// Asks in plain text what kind of server is at the other end.
///
/// An original server answers any first request but a login with a refusal, and
/// writes times with colons, as no server with TLS does. It then goes on as if
/// nothing had been, so that the connection can be used.
final class PlainTextProbe: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer

    enum Answer: Hashable {
        /// An original server is there, which has no TLS.
        case original
        /// A server that takes nobody at the moment, and says why.
        case busy(String)
        /// Something else, or nothing: it may speak TLS or not.
        case unclear
    }

    /// A request that is none of a login: any server of the protocol knows it.
    private static let request = "USER,,"
    /// How the answer of an original server begins; `0` stands for any digit.
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

    /// Asks on a connection that nothing was sent on yet.
    ///
    /// - Parameters:
    ///   - channel: The connection; on its event loop. It does not read on
    ///     afterwards.
    ///   - patience: How long to wait for the answer.
    static func perform(on channel: any Channel, patience: TimeAmount) throws -> EventLoopFuture<Answer> {
        let probe = PlainTextProbe(on: channel)
        try channel.pipeline.syncOperations.addHandler(probe)
        probe.deadline = channel.eventLoop.assumeIsolated().scheduleTask(in: patience) { probe.end(.unclear) }
        channel.writeAndFlush(ByteBuffer(string: request), promise: nil)
        try channel.syncOptions?.setOption(.autoRead, value: true)
        return probe.answered.futureResult
    }

    /// What an answer says, as far as it came; nil where more has to come.
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
