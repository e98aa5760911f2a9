internal import NIOCore

/// What the first byte of a connection says about the peer.
enum Opening: Hashable, Sendable {
    /// A TLS hello.
    case tls
    /// Anything else: a chat client without TLS, or a ``ForeignProtocol``.
    case plaintext

    /// Judges the first byte.
    ///
    /// The record that holds a TLS hello starts with 0x16. No request does: its
    /// first byte is a letter.
    init(firstByte: UInt8) {
        self = firstByte == 0x16 ? .tls : .plaintext
    }
}

/// Looks at the first byte of a connection, has the pipeline set up for what it
/// is, and steps out of the way.
///
/// What arrives is passed on as it arrived, read by read, to whatever handlers
/// follow then: where a read ends means something to an unframed connection.
final class OpeningHandler: ChannelInboundHandler, RemovableChannelHandler {
    /// Bytes as they come from the socket.
    typealias InboundIn = ByteBuffer
    /// The same bytes.
    typealias InboundOut = ByteBuffer

    private let configure: (any Channel, Opening) throws -> Void
    private var isDecided = false

    /// Creates the handler.
    ///
    /// - Parameter configure: Adds handlers after this one, on the channel's
    ///   event loop; an error it throws closes the connection.
    init(configure: @escaping (any Channel, Opening) throws -> Void) {
        self.configure = configure
    }

    /// Decides by the first byte there is.
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if !isDecided {
            guard let first = unwrapInboundIn(data).readableBytesView.first else { return }
            isDecided = true
            do {
                try configure(context.channel, Opening(firstByte: first))
            } catch {
                return context.close(promise: nil)
            }
        }
        context.fireChannelRead(data)
        context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
    }
}
