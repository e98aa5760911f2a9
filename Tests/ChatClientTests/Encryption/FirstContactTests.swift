internal import NIOConcurrencyHelpers
internal import NIOCore
internal import NIOEmbedded
internal import NIOTLS
internal import Testing

@testable internal import ChatClient

@Suite("The first contact with a server")
struct FirstContactTests {
    /// What a server answers, and after how many milliseconds.
    struct Answer: Sendable {
        var milliseconds: Int64
        var text: String

        static func tls(_ milliseconds: Int64) -> Answer {
            Answer(milliseconds: milliseconds, text: "\u{16}\u{03}\u{03}")
        }

        /// This project's server without TLS, to a hello.
        static func noTLS(_ milliseconds: Int64) -> Answer {
            Answer(milliseconds: milliseconds, text: "ERR,time=2026-11-22 12-04-05,Error: no TLS.")
        }

        /// An original server, to a question.
        static func original(_ milliseconds: Int64) -> Answer {
            Answer(
                milliseconds: milliseconds,
                text: "CONVER,time=2026-11-22 12:04:05,Error: Unknown connection attempt."
            )
        }

        /// This project's server, to a question.
        static func ours(_ milliseconds: Int64) -> Answer {
            Answer(milliseconds: milliseconds, text: "CONVER,time=2026-11-22 12-04-05,Error: Log in first.")
        }
    }

    struct Scene: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let plan: EncryptionPlan
        /// The answers to a hello and to a question; nil for silence.
        let toHello: Answer?
        let toQuestion: Answer?
        let outcome: String
        /// How many connections it takes, and how many at the same time.
        let connections: Int
        let atOnce: Int
        let milliseconds: Int64

        init(
            _ description: String,
            _ plan: EncryptionPlan,
            hello: Answer?,
            question: Answer?,
            _ outcome: String,
            connections: Int,
            atOnce: Int = 1,
            in milliseconds: Int64
        ) {
            testDescription = description
            self.plan = plan
            toHello = hello
            toQuestion = question
            self.outcome = outcome
            self.connections = connections
            self.atOnce = atOnce
            self.milliseconds = milliseconds
        }
    }

    static let scenes: [Scene] = [
        Scene("unknown, TLS", .tlsFirst, hello: .tls(50), question: .ours(50), "tls", connections: 1, in: 50),
        Scene("unknown, slow TLS", .tlsFirst, hello: .tls(1400), question: .ours(600), "tls", connections: 1, in: 1400),
        Scene(
            "unknown, very slow TLS",
            .tlsFirst,
            hello: .tls(8000),
            question: .ours(600),
            "tls",
            connections: 3,
            in: 10_100
        ),
        Scene("unknown, original", .tlsFirst, hello: nil, question: .original(50), "plain", connections: 2, in: 1550),
        Scene(
            "unknown, slow original",
            .tlsFirst,
            hello: nil,
            question: .original(6000),
            "plain",
            connections: 2,
            in: 7500
        ),
        Scene(
            "unknown, this project's without TLS",
            .tlsFirst,
            hello: .noTLS(50),
            question: .ours(50),
            "tls: notTLS",
            connections: 1,
            in: 50
        ),
        Scene("unknown, silent", .tlsFirst, hello: nil, question: nil, "tls: silence", connections: 2, in: 11_500),
        Scene(
            "known to be plain, original",
            .plainFirst,
            hello: nil,
            question: .original(50),
            "plain",
            connections: 1,
            in: 50
        ),
        Scene(
            "known to be plain, slow original",
            .plainFirst,
            hello: nil,
            question: .original(6000),
            "plain",
            connections: 1,
            in: 6000
        ),
        Scene(
            "known to be plain, this project's",
            .plainFirst,
            hello: .noTLS(50),
            question: .ours(50),
            "plain",
            connections: 2,
            atOnce: 2,
            in: 100
        ),
        Scene(
            "known to be plain, TLS since",
            .plainFirst,
            hello: .tls(50),
            question: .ours(50),
            "tls",
            connections: 2,
            atOnce: 2,
            in: 100
        ),
        Scene(
            "known to be plain, silent",
            .plainFirst,
            hello: nil,
            question: nil,
            "tls: silence",
            connections: 2,
            in: 11_500
        ),
        Scene(
            "known to be encrypted, slow",
            .tlsOnly(.known(line: 1)),
            hello: .tls(9000),
            question: .ours(50),
            "tls",
            connections: 1,
            in: 9000
        ),
    ]

    @Test("takes no more connections and no more time than needed", arguments: scenes)
    func contact(scene: Scene) throws {
        let loop = EmbeddedEventLoop()
        let address = try SocketAddress(ipAddress: "192.0.2.1", port: 6666)
        let channels = NIOLockedValueBox<[EmbeddedChannel]>([])
        let atOnce = NIOLockedValueBox(0)
        let contact = FirstContact(
            eventLoop: loop,
            open: {
                let channel = EmbeddedChannel(loop: loop)
                channel.connect(to: address, promise: nil)
                try? channel.pipeline.syncOperations.addHandler(Server(scene))
                channels.withLockedValue { $0.append(channel) }
                let active = channels.withLockedValue { $0.count { $0.isActive } }
                atOnce.withLockedValue { $0 = max($0, active) }
                return loop.makeSucceededFuture(channel)
            },
            makeTLS: { StandIn() }
        )
        let result = NIOLockedValueBox<(outcome: String, at: NIODeadline)?>(nil)
        let start = loop.now
        contact.make(by: scene.plan).whenSuccess { outcome in
            let words =
                switch outcome {
                case .plain: "plain"
                case .busy(let words): "busy: \(words)"
                case .tls(_, let failure): failure.map { "tls: \($0)" } ?? "tls"
                }
            result.withLockedValue { $0 = (words, loop.now) }
        }
        for _ in 0..<600 { loop.advanceTime(by: .milliseconds(50)) }
        let end = try #require(result.withLockedValue { $0 })
        #expect(end.outcome == scene.outcome)
        #expect(channels.withLockedValue { $0.count } == scene.connections)
        #expect(atOnce.withLockedValue { $0 } == scene.atOnce)
        #expect((end.at - start).nanoseconds / 1_000_000 == scene.milliseconds)
        let left = channels.withLockedValue { $0.count { $0.isActive } }
        #expect(left == (["plain", "tls"].contains(scene.outcome) ? 1 : 0), "the others are closed")
        for channel in channels.withLockedValue({ $0 }) { _ = try? channel.finish(acceptAlreadyClosed: true) }
    }

    /// Answers like the server of a scene.
    private final class Server: ChannelOutboundHandler {
        typealias OutboundIn = ByteBuffer

        private let scene: Scene

        init(_ scene: Scene) { self.scene = scene }

        func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
            let isHello = unwrapOutboundIn(data).readableBytesView.first == 0x16
            promise?.succeed()
            guard let answer = isHello ? scene.toHello : scene.toQuestion else { return }
            let channel = context.channel
            context.eventLoop.scheduleTask(in: .milliseconds(answer.milliseconds)) {
                channel.pipeline.fireChannelRead(ByteBuffer(string: answer.text))
            }
        }
    }

    /// Says hello as the library does, and is content with any answer.
    private final class StandIn: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        func handlerAdded(context: ChannelHandlerContext) {
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: "\u{16}\u{03}\u{01}")), promise: nil)
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            context.fireUserInboundEventTriggered(TLSUserEvent.handshakeCompleted(negotiatedProtocol: nil))
        }
    }
}
