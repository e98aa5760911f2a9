internal import ChatProtocol
internal import ChatServerCore
internal import Logging
internal import NIOCore
internal import NIOEmbedded

@testable internal import ChatServer

/// A server without sockets, whose clock stands still unless a test moves it:
/// what is claimed about time is claimed with this one.
final class VirtualServer {
    let eventLoop = EmbeddedEventLoop()
    let hub: Hub
    private var peers: [VirtualPeer] = []

    init(
        messages: any MessageStore = InMemoryMessageStore(),
        logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
        configure: (inout ServerLimits) -> Void = { _ in }
    ) {
        var limits = ServerLimits()
        // A test is one address that does everything at once.
        limits.liftPerClient()
        configure(&limits)
        let eventLoop = eventLoop
        hub = Hub(
            eventLoop: eventLoop,
            configuration: RoomConfiguration(),
            limits: limits,
            stores: Hub.Stores(messages: messages, accounts: InMemoryAccountStore(), bans: InMemoryBanStore()),
            logger: logger,
            wallClock: {
                Timestamp(unixMilliseconds: 1_700_000_000_000 + Int64(eventLoop.now.uptimeNanoseconds / 1_000_000))
            }
        )
        hub.start()
        eventLoop.run()
    }

    deinit {
        // Nothing refers to the hub in a circle any more then.
        for peer in peers { peer.hangUp() }
    }

    /// The moment on the clock that the tests move.
    var now: NIODeadline { eventLoop.now }

    /// Moves the clock.
    func advance(by time: TimeAmount) {
        eventLoop.advanceTime(by: time)
    }

    /// Connects somebody.
    func connect(
        _ encryption: ListenerEncryption = ListenerEncryption(certificate: nil, plaintext: .allow)
    ) throws -> VirtualPeer {
        let channel = EmbeddedChannel(loop: eventLoop)
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        try hub.setUp(channel, from: "127.0.0.1", network: NetworkAddress(nil), encryption)
        eventLoop.run()
        let peer = VirtualPeer(channel)
        peers.append(peer)
        return peer
    }

    /// Connects somebody who logs in with netstrings and has read everything since.
    func join(_ nickname: String) throws -> VirtualPeer {
        let peer = try connect()
        try peer.logIn(framedAs: nickname)
        return peer
    }
}

/// Who talks to a ``VirtualServer``.
final class VirtualPeer {
    private let channel: EmbeddedChannel

    init(_ channel: EmbeddedChannel) {
        self.channel = channel
    }

    /// Whether the server has closed the connection.
    var isAtEnd: Bool { !channel.isActive }

    /// Sends text in one piece.
    func send(_ text: String) throws {
        try send(Array(text.utf8))
    }

    /// Sends a message as a netstring.
    func send(framed text: String) throws {
        var bytes: [UInt8] = []
        Netstring.encode(Array(text.utf8), into: &bytes)
        try send(bytes)
    }

    /// Sends bytes in one piece.
    func send(_ bytes: [UInt8]) throws {
        // With room left, as a read that did not fill its buffer has.
        var buffer = ByteBuffer()
        buffer.reserveCapacity(bytes.count + 64)
        buffer.writeBytes(bytes)
        try channel.writeInbound(buffer)
        channel.embeddedEventLoop.run()
    }

    /// Logs in with netstrings, and reads everything up to the user list.
    func logIn(framedAs nickname: String) throws {
        try send("CON,nickname=\(nickname);password=;color=#FFF;framing=netstring,")
        guard try read().contains(",OK") else { throw ChannelError.inappropriateOperationForState }
    }

    /// Everything that came since the last time, as it was written.
    func read() throws -> String {
        channel.embeddedEventLoop.run()
        var text = ""
        while let buffer = try channel.readOutbound(as: ByteBuffer.self) { text += String(buffer: buffer) }
        return text
    }

    /// What came since the last time, as netstrings; all of them must be whole.
    func frames() throws -> [String] {
        var bytes = Array(try read().utf8)
        var frames: [String] = []
        while case .frame(let payload, let end) = try Netstring.scan(bytes.span, limit: Limits.framedResponseBytes) {
            frames.append(String(decoding: bytes[payload], as: UTF8.self))
            bytes.removeFirst(end)
        }
        guard bytes.isEmpty else { throw FramingError.missingComma }
        return frames
    }

    /// The texts of the messages that came since the last time.
    func texts(of reason: String = "CHATR") throws -> [String] {
        try frames().filter { $0.hasPrefix(reason + ",") }
            .map { String($0.split(separator: ",", maxSplits: 2, omittingEmptySubsequences: false).last ?? "") }
    }

    /// Makes the socket take nothing more, or everything again.
    func setReading(_ isReading: Bool) {
        channel.isWritable = isReading
        channel.pipeline.fireChannelWritabilityChanged()
        channel.embeddedEventLoop.run()
    }

    /// Makes the socket take nothing of what is written from now on.
    func holdWrites() throws {
        try channel.pipeline.syncOperations.addHandler(WriteHolder(), position: .first)
    }

    /// Says that nothing more will come; may still read.
    func finishSending() {
        channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        channel.embeddedEventLoop.run()
    }

    /// Closes the connection.
    func hangUp() {
        channel.close(promise: nil)
        channel.embeddedEventLoop.run()
    }
}

/// Keeps what is written, as a socket does whose peer takes nothing.
private final class WriteHolder: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer

    private var promises: [EventLoopPromise<Void>] = []

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if let promise { promises.append(promise) }
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        for promise in promises { promise.fail(ChannelError.ioOnClosedChannel) }
        promises = []
        context.close(mode: mode, promise: promise)
    }
}
