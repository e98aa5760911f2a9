import NIOCore
import NIOEmbedded
import Testing

@testable import ChatServer

@Suite("What the TLS handler gets at a time")
struct RecordSlicingTests {
    @Test(
        "is at most a slice, in order, and whole once it is flushed",
        arguments: [
            (writes: [10], flushed: [10]),
            (writes: [4_000], flushed: [4_000]),
            (writes: [4_001], flushed: [4_000, 1]),
            (writes: [12_500], flushed: [4_000, 4_000, 4_000, 500]),
            (writes: [3_000, 1_000], flushed: [4_000]),
            (writes: [3_000, 1_001], flushed: [3_000, 1_001]),
            (writes: [100, 9_000, 100], flushed: [100, 4_000, 4_000, 1_100]),
            (writes: [0, 0], flushed: [0]),
        ]
    )
    func slices(writes: [Int], flushed: [Int]) throws {
        let flushes = FlushCounter()
        let channel = EmbeddedChannel(handlers: [flushes, RecordSlicing()])
        var sent: [UInt8] = []
        var results: [EventLoopFuture<Void>] = []
        for count in writes {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: sent.count + $0) }
            sent += bytes
            results.append(channel.write(ByteBuffer(bytes: bytes)))
        }
        channel.flush()
        #expect(flushes.sizes == flushed)
        for result in results { try result.wait() }
        var received: [UInt8] = []
        while let buffer = try channel.readOutbound(as: ByteBuffer.self) { received += buffer.readableBytesView }
        #expect(received == sent)
        _ = try channel.finish()
    }
}

/// Notes how many bytes each flush sends.
private final class FlushCounter: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer

    private(set) var sizes: [Int] = []
    private var waiting = 0

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        waiting += unwrapOutboundIn(data).readableBytes
        context.write(data, promise: promise)
    }

    func flush(context: ChannelHandlerContext) {
        sizes.append(waiting)
        waiting = 0
        context.flush()
    }
}
