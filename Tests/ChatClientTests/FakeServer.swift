internal import NIOConcurrencyHelpers
internal import NIOCore
internal import NIOPosix

/// A server on loopback that answers what it reads as a test says.
final class FakeServer: Sendable {
    /// What to do about something that was read.
    enum Action: Sendable {
        /// One write.
        case write(String)
        /// Close after what was written.
        case close
    }

    /// Answers what the nth connection, counted from 0, sent in one read.
    typealias Script = @Sendable (_ connection: Int, _ chunk: String) -> [Action]

    let port: Int
    private let listener: any Channel
    private let connections: Connections

    /// The sockets that are open, in the order in which they came.
    private final class Connections: Sendable {
        private let channels = NIOLockedValueBox<[any Channel]>([])

        func add(_ channel: any Channel) -> Int {
            channels.withLockedValue { channels in
                channels.append(channel)
                return channels.count - 1
            }
        }

        var all: [any Channel] { channels.withLockedValue { $0 } }
    }

    init(host: String = "127.0.0.1", script: @escaping Script) async throws {
        let connections = Connections()
        self.connections = connections
        listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let number = connections.add(channel)
                    try channel.pipeline.syncOperations.addHandler(Handler(number: number, script: script))
                }
            }
            .bind(host: host, port: 0)
            .get()
        port = listener.localAddress?.port ?? 0
    }

    /// How many connections there were.
    var connectionCount: Int { connections.all.count }

    /// Says something that nobody asked for.
    func write(_ text: String, to connection: Int) {
        connections.all[connection].writeAndFlush(ByteBuffer(string: text), promise: nil)
    }

    /// Breaks a connection.
    func drop(_ connection: Int) {
        connections.all[connection].close(promise: nil)
    }

    /// Stops listening and closes everything.
    func stop() async {
        try? await listener.close()
        for channel in connections.all { try? await channel.close() }
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        let number: Int
        let script: Script

        init(number: Int, script: @escaping Script) {
            self.number = number
            self.script = script
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            for action in script(number, String(buffer: unwrapInboundIn(data))) {
                switch action {
                case .write(let text): context.channel.writeAndFlush(ByteBuffer(string: text), promise: nil)
                case .close: context.close(promise: nil)
                }
            }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }
    }
}
