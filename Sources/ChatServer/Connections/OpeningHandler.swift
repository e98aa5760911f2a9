internal import NIOCore

/// What the first byte of a connection says about the protocol.
enum Opening: Hashable, Sendable {
    /// A TLS hello.
    case tls
    /// Anything else: a chat client without TLS, or a ``ForeignProtocol``.
    case plaintext

    /// Judges the first byte.
    ///
    /// The record of a TLS hello starts with 0x16. No request does: its first byte is a letter.
    init(firstByte: UInt8) {
        self = firstByte == 0x16 ? .tls : .plaintext
    }
}

/// Looks at the first byte of a connection, sets up the pipeline for it, and removes itself.
///
/// Bytes are passed on as they arrived, read by read, to the handlers that follow: to an unframed connection the end of
/// a read has a meaning.
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

    /// Decides by the first byte.
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
