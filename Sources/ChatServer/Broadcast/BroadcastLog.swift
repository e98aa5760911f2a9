internal import ChatProtocol
internal import DequeModule
internal import NIOCore

/// A place in everything that was ever broadcast, counted in bytes.
typealias LogPosition = UInt64

/// The bytes that all framed connections get: appended once, read by everyone
/// at their own pace.
///
/// A connection holds a position in it. What was appended since the last
/// ``commit()`` has positions already, but can't be read yet; so a tick with
/// many messages makes one piece of bytes, and every connection that keeps up
/// writes that one piece.
///
///     │ chunk │ chunk │ chunk         │ pending │
///     start                            readable  end
struct BroadcastLog {
    private struct Chunk {
        var start: LogPosition
        var bytes: ByteBuffer

        var end: LogPosition { start + UInt64(bytes.readableBytes) }
    }

    /// How large a chunk is made that several ticks share.
    private static let sharedChunkBytes = 4096

    private var chunks: Deque<Chunk> = []
    private var pending: [UInt8] = []

    /// The position up to which it can be read.
    private(set) var readableEnd: LogPosition = 0

    /// The position after everything.
    var end: LogPosition { readableEnd + UInt64(pending.count) }

    /// How many bytes its chunks take.
    private(set) var keptBytes = 0

    /// Adds a netstring.
    mutating func append(netstring payload: [UInt8]) {
        Netstring.encode(payload, into: &pending)
    }

    /// Makes what was appended readable.
    ///
    /// - Returns: All of it in one piece; empty where nothing was appended.
    mutating func commit() -> ByteBuffer {
        guard !pending.isEmpty else { return ByteBuffer() }
        defer {
            readableEnd = end
            pending.removeAll(keepingCapacity: pending.capacity <= 1 << 20)
        }
        if let piece = appendToLastChunk() { return piece }
        var bytes = ByteBuffer()
        bytes.reserveCapacity(max(pending.count, Self.sharedChunkBytes))
        bytes.writeBytes(pending)
        chunks.append(Chunk(start: readableEnd, bytes: bytes))
        keptBytes += bytes.capacity
        return bytes
    }

    /// Small ticks share a chunk; but where somebody still writes from it,
    /// adding to it would copy it.
    private mutating func appendToLastChunk() -> ByteBuffer? {
        guard let last = chunks.indices.last, chunks[last].bytes.writableBytes >= pending.count else { return nil }
        let offset = chunks[last].bytes.writerIndex
        let isOwn: Void? = chunks[last].bytes.modifyIfUniquelyOwned { _ = $0.writeBytes(pending) }
        guard isOwn != nil else { return nil }
        return chunks[last].bytes.getSlice(at: offset, length: pending.count)
    }

    /// What lies between two positions, as far as one chunk holds it.
    ///
    /// - Returns: At least one byte, or nil where nothing is to be read there.
    func piece(from start: LogPosition, to end: LogPosition) -> ByteBuffer? {
        guard start < min(end, readableEnd), let index = chunkIndex(of: start) else { return nil }
        let chunk = chunks[index]
        let length = min(end, chunk.end) - start
        return chunk.bytes.getSlice(
            at: chunk.bytes.readerIndex + Int(start - chunk.start),
            length: Int(length)
        )
    }

    /// Forgets what lies before a position.
    mutating func trim(before position: LogPosition) {
        while let first = chunks.first, first.end <= position {
            // The last one stays to be added to.
            guard chunks.count > 1 || first.bytes.capacity > Self.sharedChunkBytes else { return }
            chunks.removeFirst()
            keptBytes -= first.bytes.capacity
        }
    }

    private func chunkIndex(of position: LogPosition) -> Int? {
        let index = chunks.partitioningIndex { $0.end > position }
        guard index < chunks.endIndex, chunks[index].start <= position else { return nil }
        return index
    }
}
