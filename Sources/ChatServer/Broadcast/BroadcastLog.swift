internal import ChatProtocol
internal import DequeModule
internal import NIOCore

/// A position in the bytes of everything that was ever broadcast.
typealias LogPosition = UInt64

/// The bytes that all framed connections get: appended once, and read by each connection at its own pace.
///
/// Each connection holds a position in the log. Bytes appended since the last ``commit()`` have positions already, but
/// can't be read yet. So a tick with many messages makes one piece of bytes, and every connection that keeps up writes
/// that one piece.
///
///     │ chunk │ chunk │ chunk         │ pending │
///     start                            readable  end
struct BroadcastLog {
    private struct Chunk {
        var start: LogPosition
        var bytes: ByteBuffer

        var end: LogPosition { start + UInt64(bytes.readableBytes) }
    }

    /// The capacity in bytes of a chunk that several ticks share.
    private static let sharedChunkBytes = 4096

    private var chunks: Deque<Chunk> = []
    private var pending: [UInt8] = []

    /// The position up to which the log can be read.
    private(set) var readableEnd: LogPosition = 0

    /// The position after everything that was appended.
    var end: LogPosition { readableEnd + UInt64(pending.count) }

    /// How many bytes the chunks take.
    private(set) var keptBytes = 0

    /// Appends a message as a netstring.
    mutating func append(netstring payload: [UInt8]) {
        Netstring.encode(payload, into: &pending)
    }

    /// Makes the appended bytes readable.
    ///
    /// - Returns: All of them in one piece; empty if nothing was appended.
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

    /// Puts a small tick into the last chunk.
    ///
    /// Nil if there is no room, or if somebody still writes from that chunk: adding to it would then copy it.
    private mutating func appendToLastChunk() -> ByteBuffer? {
        guard let last = chunks.indices.last, chunks[last].bytes.writableBytes >= pending.count else { return nil }
        let offset = chunks[last].bytes.writerIndex
        let isOwn: Void? = chunks[last].bytes.modifyIfUniquelyOwned { _ = $0.writeBytes(pending) }
        guard isOwn != nil else { return nil }
        return chunks[last].bytes.getSlice(at: offset, length: pending.count)
    }

    /// The bytes between two positions, as far as one chunk holds them.
    ///
    /// - Returns: At least one byte, or nil if there is nothing to read.
    func piece(from start: LogPosition, to end: LogPosition) -> ByteBuffer? {
        guard start < min(end, readableEnd), let index = chunkIndex(of: start) else { return nil }
        let chunk = chunks[index]
        let length = min(end, chunk.end) - start
        return chunk.bytes.getSlice(
            at: chunk.bytes.readerIndex + Int(start - chunk.start),
            length: Int(length)
        )
    }

    /// Drops the chunks before a position.
    mutating func trim(before position: LogPosition) {
        while let first = chunks.first, first.end <= position {
            // Keep the last chunk, so that the next tick can be added to it.
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
