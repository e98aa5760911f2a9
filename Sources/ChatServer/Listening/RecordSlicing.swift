internal import NIOCore

/// Passes bytes on to the TLS handler in slices that fit into a page.
///
/// That handler keeps one buffer per connection for encrypted bytes, and the buffer stays as large as it ever was. A
/// list of a thousand people at the login would cost every connection 64 kB for as long as it lasts.
final class RecordSlicing: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// The size of a slice; together with what TLS adds to a record it fits into 4,096 bytes.
    static let sliceBytes = 4_000

    /// How many bytes were written since the last flush.
    private var unflushed = 0

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        var bytes = unwrapOutboundIn(data)
        if unflushed > 0, unflushed + bytes.readableBytes > Self.sliceBytes { flush(context: context) }
        while bytes.readableBytes > Self.sliceBytes, let slice = bytes.readSlice(length: Self.sliceBytes) {
            context.writeAndFlush(wrapOutboundOut(slice), promise: nil)
        }
        unflushed += bytes.readableBytes
        context.write(wrapOutboundOut(bytes), promise: promise)
    }

    func flush(context: ChannelHandlerContext) {
        unflushed = 0
        context.flush()
    }
}
