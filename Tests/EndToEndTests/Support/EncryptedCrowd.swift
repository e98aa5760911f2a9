internal import ChatTestSupport
internal import Foundation
internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import Synchronization

/// Many logged in connections with TLS and netstrings that only listen.
final class EncryptedCrowd {
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let context: NIOSSLContext
    private let port: Int
    private let counts = Counts()
    private var channels: [any Channel] = []

    init(port: Int) throws {
        self.port = port
        var configuration = TLSConfiguration.makeClientConfiguration()
        // Whom to trust is tested elsewhere.
        configuration.certificateVerification = .none
        configuration.trustRoots = .certificates([])
        context = try NIOSSLContext(configuration: configuration)
    }

    deinit {
        for channel in channels { channel.close(promise: nil) }
        try? group.syncShutdownGracefully()
    }

    /// How many were admitted.
    var admitted: Int { counts.admitted.load(ordering: .relaxed) }
    /// How many the server has closed.
    var gone: Int { counts.gone.load(ordering: .relaxed) }

    /// Connects some more, has them log in, and waits until they are in.
    func grow(by count: Int) throws {
        let (context, counts) = (context, counts)
        let bootstrap = ClientBootstrap(group: group).channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandlers(
                    NIOSSLClientHandler(context: context, serverHostname: nil),
                    Listening(counts)
                )
            }
        }
        for _ in 0..<count {
            let channel = try bootstrap.connect(host: "127.0.0.1", port: port).wait()
            let login = "CON,nickname=t\(channels.count);password=;color=#0F0;framing=netstring,"
            channel.writeAndFlush(ByteBuffer(string: login), promise: nil)
            channels.append(channel)
        }
        // As long as one after the other gets in it may take as long as it likes.
        while admitted < channels.count {
            let before = admitted
            try eventually("only \(before) of \(channels.count) got in") { admitted > before ? () : nil }
        }
    }
}

/// What all of them have seen together.
private final class Counts: Sendable {
    let admitted = Atomic(0)
    let gone = Atomic(0)
}

/// Notes the admission, and of what comes after it answers only whether it is there.
private final class Listening: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let counts: Counts
    private var isIn = false

    init(_ counts: Counts) {
        self.counts = counts
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        if bytes.readableBytesView.firstRange(of: ":PING,".utf8) != nil {
            context.writeAndFlush(NIOAny(ByteBuffer(string: "6:PONG,,,")), promise: nil)
        }
        guard !isIn, bytes.readableBytesView.starts(with: "CONVER,".utf8) else { return }
        isIn = true
        counts.admitted.wrappingAdd(1, ordering: .relaxed)
    }

    func channelInactive(context: ChannelHandlerContext) {
        counts.gone.wrappingAdd(1, ordering: .relaxed)
    }
}
