internal import NIOCore

/// Passes encrypted bytes on to the TLS handler record by record.
///
/// That handler makes one read of everything that it gets at a time. But without netstrings each record, being a write
/// of the peer, has to stay a read of its own.
final class RecordSeparation: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// The type, the version, and a length of two bytes.
    private static let headerBytes = 5

    /// How many bytes of the current record were passed on.
    private var position = 0
    /// The length in the header of the current record, as far as it was read.
    private var length = 0
    private var isPassingOn = false
    /// The removal that was asked for while bytes were passed on.
    private var removal: ChannelHandlerContext.RemovalToken?

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        isPassingOn = true
        while removal == nil, let slice = readSlice(&bytes) {
            guard context.channel.isActive else { break }
            context.fireChannelRead(wrapInboundOut(slice))
            if position == 0, bytes.readableBytes > 0 { context.fireChannelReadComplete() }
        }
        isPassingOn = false
        guard let removal else { return }
        if bytes.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(bytes)) }
        context.leavePipeline(removalToken: removal)
    }

    /// Leaves the pipeline, but not before the bytes of the current read are passed on: afterwards they would be lost.
    func removeHandler(context: ChannelHandlerContext, removalToken: ChannelHandlerContext.RemovalToken) {
        if isPassingOn {
            removal = removalToken
        } else {
            context.leavePipeline(removalToken: removalToken)
        }
    }

    /// The bytes up to the end of the current record; nil if there are none.
    private func readSlice(_ bytes: inout ByteBuffer) -> ByteBuffer? {
        guard bytes.readableBytes > 0 else { return nil }
        let view = bytes.readableBytesView
        var count = 0
        for byte in view.prefix(max(0, Self.headerBytes - position)) {
            if position + count >= 3 { length = length << 8 | Int(byte) }
            count += 1
        }
        if position + count >= Self.headerBytes {
            count += min(view.count - count, Self.headerBytes + length - position - count)
        }
        position += count
        if position == Self.headerBytes + length, position >= Self.headerBytes { (position, length) = (0, 0) }
        return bytes.readSlice(length: count)
    }
}
