import NIOCore
import NIOEmbedded
import Testing

@testable import ChatServer

@Suite("Encrypted bytes")
struct RecordSeparationTests {
    @Test("reach the TLS handler record by record, however they are cut")
    func cuts() throws {
        let records = [0, 1, 7, 300].map { length in
            [0x17, 0x03, 0x03, UInt8(length >> 8), UInt8(length & 0xFF)] + [UInt8](repeating: 0x20, count: length)
        }
        let bytes = records.flatMap { $0 }
        let ends = records.indices.map { records[...$0].reduce(0) { $0 + $1.count } }
        for cut in bytes.indices {
            let reads = ReadCounter()
            let channel = EmbeddedChannel(handlers: [RecordSeparation(), reads])
            try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
            for part in [bytes[..<cut], bytes[cut...]] where !part.isEmpty {
                try channel.writeInbound(ByteBuffer(bytes: part))
            }
            #expect(Set(reads.ends).isSuperset(of: ends))
            #expect(reads.bytes == bytes)
            _ = try channel.finish()
        }
    }

    @Test("lose nothing if the record in the middle of a read ends the separation")
    func removal() throws {
        let records = (UInt8(1)...3).map { [0x17, 0x03, 0x03, 0, 2, $0, $0] as [UInt8] }
        let (separation, reads) = (RecordSeparation(), ReadCounter())
        let channel = EmbeddedChannel(handlers: [separation, reads])
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        reads.didRead = { bytes in
            if bytes == records[0] + records[1] {
                channel.pipeline.syncOperations.removeHandler(separation, promise: nil)
            }
        }
        try channel.writeInbound(ByteBuffer(bytes: records.flatMap(\.self)))
        #expect(reads.bytes == records.flatMap(\.self))
        #expect(throws: (any Error).self) { try channel.pipeline.syncOperations.handler(type: RecordSeparation.self) }
        try channel.writeInbound(ByteBuffer(bytes: records[0]))
        #expect(reads.bytes == (records + [records[0]]).flatMap(\.self))
        _ = try channel.finish()
    }
}

/// Notes where each read ends.
private final class ReadCounter: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private(set) var bytes: [UInt8] = []
    private(set) var ends: [Int] = []
    /// Called after each read with everything read so far.
    var didRead: ([UInt8]) -> Void = { _ in }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        bytes += unwrapInboundIn(data).readableBytesView
        didRead(bytes)
    }

    func channelReadComplete(context: ChannelHandlerContext) { ends.append(bytes.count) }
}
