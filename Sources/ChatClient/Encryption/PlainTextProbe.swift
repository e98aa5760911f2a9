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
        /// It is a server of this protocol, which may speak TLS or not.
        case ambiguous
        /// The server accepts nobody at the moment; with its reason.
        case busy(String)
        /// It is something else, or there was no answer.
        case unclear
    }

    /// A connection on which the request was sent.
    struct Probed: Sendable {
        var channel: any Channel
        var answer: Answer
        /// What has read the answer; it leaves out a rest that comes later.
        var decoder: ServerStreamDecoder
    }

    /// A request that is not a login and that every server of the protocol knows.
    private static let request = "USER,,"
    /// How an original server's answer begins; `0` stands for any digit.
    private static let pattern = "CONVER,time=0000-00-00 00:00:00,"

    private let answered: EventLoopPromise<Probed>
    private let channel: any Channel
    private var bytes = ByteBuffer()
    private var decoder = ServerStreamDecoder()
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
    static func perform(on channel: any Channel, patience: TimeAmount) throws -> EventLoopFuture<Probed> {
        let probe = PlainTextProbe(on: channel)
        try channel.pipeline.syncOperations.addHandler(probe)
        probe.wait(patience)
        channel.writeAndFlush(ByteBuffer(string: request), promise: nil)
        try channel.syncOptions?.setOption(.autoRead, value: true)
        return probe.answered.futureResult
    }

    private func wait(_ time: TimeAmount) {
        deadline?.cancel()
        deadline = channel.eventLoop.assumeIsolated().scheduleTask(in: time) { self.end() }
    }

    /// What the bytes received so far say; nil if more are needed.
    static func judge(_ bytes: ByteBuffer) -> Answer? {
        guard let response = try? Response(decoding: bytes.readableBytesUInt8Span) else {
            let isStart = ["CONVER,", "WARN,"].contains {
                zip($0.utf8, bytes.readableBytesView).allSatisfy { $0 == $1 }
            }
            return isStart && bytes.readableBytes < Limits.unframedMessageBytes ? nil : .unclear
        }
        switch response.body {
        case .warning(let words, _, _): return .busy(words)
        case .login(.refused):
            let isOriginal = zip(bytes.readableBytesView, pattern.utf8).allSatisfy { byte, expected in
                byte == expected || expected == 0x30 && (0x30...0x39).contains(byte)
            }
            return isOriginal ? .original : .ambiguous
        default: return .unclear
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isOver else { return }
        let chunk = unwrapInboundIn(data)
        bytes.writeImmutableBuffer(chunk)
        var events: [ServerEvent] = []
        guard (try? decoder.receive(chunk, into: &events)) != nil else { return end() }
        switch Self.judge(bytes) {
        case nil: break
        // Only silence or the end shows that these words are complete.
        case .busy?: wait(.milliseconds(Int64(Limits.unframedQuietMilliseconds)))
        case .original?, .ambiguous?, .unclear?: end()
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        end()
    }

    private func end() {
        guard !isOver else { return }
        isOver = true
        deadline?.cancel()
        try? channel.syncOptions?.setOption(.autoRead, value: false)
        channel.pipeline.syncOperations.removeHandler(self, promise: nil)
        _ = decoder.giveUpWaiting()
        answered.succeed(Probed(channel: channel, answer: Self.judge(bytes) ?? .unclear, decoder: decoder))
    }
}
