public import NIOCore

/// What the first bytes of a connection say about the peer.
public enum Opening: Hashable, Sendable {
    /// A TLS hello.
    case tls
    /// A message of the chat's protocol, as far as one can tell.
    case plaintext
    /// A browser, or something else that means another protocol.
    case foreign

    /// Judges the first bytes, or gives nil where more are needed.
    ///
    /// A TLS record of a handshake starts with 0x16; every request of the
    /// chat starts with a letter; a browser's starts with an HTTP verb and a
    /// space, where a chat's reason is followed by a comma.
    public static func judge(_ bytes: some Collection<UInt8>) -> Opening? {
        guard let first = bytes.first else { return nil }
        if first == 0x16 { return .tls }
        guard first >= 0x20, first < 0x7F else { return .foreign }
        for byte in bytes.prefix(9) {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): continue
            case UInt8(ascii: " "): return byte == first ? .plaintext : .foreign
            default: return .plaintext
            }
        }
        return bytes.count >= 9 ? .plaintext : nil
    }
}

/// Looks at the first bytes of a connection, has the pipeline set up for what
/// they are, and steps out of the way.
///
/// Everything that arrived is passed on to the handlers that `configure` added.
public final class OpeningHandler: ChannelInboundHandler, RemovableChannelHandler {
    /// Bytes as they come from the socket.
    public typealias InboundIn = ByteBuffer
    /// The same bytes.
    public typealias InboundOut = ByteBuffer

    private let configure: (any Channel, Opening) throws -> Void
    private var held: ByteBuffer?
    private var isDecided = false

    /// Creates the handler.
    ///
    /// - Parameter configure: Adds handlers after this one, on the channel's
    ///   event loop; an error it throws closes the connection.
    public init(configure: @escaping (any Channel, Opening) throws -> Void) {
        self.configure = configure
    }

    /// Collects bytes until they tell what they are.
    public func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if isDecided { return context.fireChannelRead(data) }
        var arrived = unwrapInboundIn(data)
        if held == nil {
            held = arrived
        } else {
            held?.writeBuffer(&arrived)
        }
        guard let bytes = held, let opening = Opening.judge(bytes.readableBytesView) else { return }
        decide(opening, context: context)
    }

    /// Forgets what a peer said that went away before it could be judged.
    public func channelInactive(context: ChannelHandlerContext) {
        held = nil
        context.fireChannelInactive()
    }

    private func decide(_ opening: Opening, context: ChannelHandlerContext) {
        isDecided = true
        do {
            try configure(context.channel, opening)
        } catch {
            held = nil
            context.close(promise: nil)
            return
        }
        if let bytes = held {
            held = nil
            context.fireChannelRead(wrapInboundOut(bytes))
            context.fireChannelReadComplete()
        }
        context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
    }
}
