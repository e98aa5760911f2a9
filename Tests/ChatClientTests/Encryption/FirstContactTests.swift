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
        var testDescription: String
        var plan: EncryptionPlan
        /// The answers to a hello and to a question; nil for silence.
        var toHello: Answer?
        var toQuestion: Answer?
        var outcome: String
        /// How many connections it takes, and how many at the same time.
        var connections: Int
        var atOnce = 1
        var milliseconds: Int64
    }

    static let scenes: [Scene] = [
        Scene(
            testDescription: "unknown, TLS",
            plan: .tlsFirst,
            toHello: .tls(50),
            toQuestion: .ours(50),
            outcome: "tls",
            connections: 1,
            milliseconds: 50
        ),
        Scene(
            testDescription: "unknown, slow TLS",
            plan: .tlsFirst,
            toHello: .tls(1400),
            toQuestion: .ours(600),
            outcome: "tls",
            connections: 1,
            milliseconds: 1400
        ),
        Scene(
            testDescription: "unknown, very slow TLS",
            plan: .tlsFirst,
            toHello: .tls(8000),
            toQuestion: .ours(600),
            outcome: "tls",
            connections: 3,
            milliseconds: 10_100
        ),
        Scene(
            testDescription: "unknown, original",
            plan: .tlsFirst,
            toHello: nil,
            toQuestion: .original(50),
            outcome: "plain",
            connections: 2,
            milliseconds: 1550
        ),
        Scene(
            testDescription: "unknown, slow original",
            plan: .tlsFirst,
            toHello: nil,
            toQuestion: .original(6000),
            outcome: "plain",
            connections: 2,
            milliseconds: 7500
        ),
        Scene(
            testDescription: "unknown, this project's without TLS",
            plan: .tlsFirst,
            toHello: .noTLS(50),
            toQuestion: .ours(50),
            outcome: "tls: notTLS",
            connections: 1,
            milliseconds: 50
        ),
        Scene(
            testDescription: "unknown, silent",
            plan: .tlsFirst,
            toHello: nil,
            toQuestion: nil,
            outcome: "tls: silence",
            connections: 2,
            milliseconds: 11_500
        ),
        Scene(
            testDescription: "known to be plain, original",
            plan: .plainFirst,
            toHello: nil,
            toQuestion: .original(50),
            outcome: "plain",
            connections: 1,
            milliseconds: 50
        ),
        Scene(
            testDescription: "known to be plain, slow original",
            plan: .plainFirst,
            toHello: nil,
            toQuestion: .original(6000),
            outcome: "plain",
            connections: 1,
            milliseconds: 6000
        ),
        Scene(
            testDescription: "known to be plain, this project's",
            plan: .plainFirst,
            toHello: .noTLS(50),
            toQuestion: .ours(50),
            outcome: "plain",
            connections: 2,
            atOnce: 2,
            milliseconds: 100
        ),
        Scene(
            testDescription: "known to be plain, TLS since",
            plan: .plainFirst,
            toHello: .tls(50),
            toQuestion: .ours(50),
            outcome: "tls",
            connections: 2,
            atOnce: 2,
            milliseconds: 100
        ),
        Scene(
            testDescription: "known to be plain, silent",
            plan: .plainFirst,
            toHello: nil,
            toQuestion: nil,
            outcome: "tls: silence",
            connections: 2,
            milliseconds: 11_500
        ),
        Scene(
            testDescription: "known to be encrypted, slow",
            plan: .tlsOnly(.known(line: 1)),
            toHello: .tls(9000),
            toQuestion: .ours(50),
            outcome: "tls",
            connections: 1,
            milliseconds: 9000
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
