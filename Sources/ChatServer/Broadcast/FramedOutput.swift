internal import ChatProtocol
internal import DequeModule
internal import NIOCore

/// The bytes that one framed connection still has to get: the log from a position on, with its own messages inserted at
/// their places.
struct FramedOutput {
    /// Bytes for this connection alone, and the part of the log that they replace.
    private struct Insertion {
        var position: LogPosition
        var replaced: UInt64
        var bytes: ByteBuffer
        /// Whether other connections share the same memory.
        var isShared = false

        var end: LogPosition { position + replaced }
    }

    /// The position up to which the log was handed on.
    private(set) var position: LogPosition
    /// The position where the connection's part of the log ends.
    private(set) var limit = LogPosition.max

    private var insertions: Deque<Insertion> = []
    /// How many bytes wait for this connection alone.
    private(set) var insertedBytes = 0
    private var sharedBytes = 0

    /// Creates an output that starts at a position in the log.
    init(from position: LogPosition) {
        self.position = position
    }

    /// Whether the connection needs nothing but the log.
    var isPlain: Bool { insertions.isEmpty && limit == .max }

    /// How many bytes wait.
    func waitingBytes(in log: BroadcastLog) -> Int {
        let behind = min(log.end, limit)
        return insertedBytes + sharedBytes + (behind > position ? Int(behind - position) : 0)
    }

    /// Adds a message for this connection after everything so far.
    ///
    /// - Parameters:
    ///   - payload: The message, without framing; it is sent as a netstring.
    ///   - log: The log as it is now.
    mutating func append(netstring payload: [UInt8], to log: BroadcastLog) {
        guard limit == .max else { return }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(payload.count + Limits.netstringLengthDigits + 2)
        Netstring.encode(payload, into: &bytes)
        insertedBytes += bytes.count
        if let last = insertions.indices.last, insertions[last].end == log.end, !insertions[last].isShared {
            insertions[last].bytes.writeBytes(bytes)
        } else {
            insertions.append(Insertion(position: log.end, replaced: 0, bytes: ByteBuffer(bytes: bytes)))
        }
    }

    /// Adds a message that other connections get, too, after everything so far.
    ///
    /// - Parameters:
    ///   - netstring: The message as a netstring.
    ///   - log: The log as it is now.
    mutating func append(shared netstring: ByteBuffer, to log: BroadcastLog) {
        guard limit == .max else { return }
        sharedBytes += netstring.readableBytes
        insertions.append(Insertion(position: log.end, replaced: 0, bytes: netstring, isShared: true))
    }

    /// Leaves out the part of the log from a position to its end.
    mutating func skip(from position: LogPosition, to log: BroadcastLog) {
        guard limit == .max, log.end > position else { return }
        insertions.append(Insertion(position: position, replaced: log.end - position, bytes: ByteBuffer()))
    }

    /// Ends the connection's part of the log here: it gets nothing that comes later.
    mutating func end(at log: BroadcastLog) {
        limit = min(limit, log.end)
    }

    /// Records that everything readable was handed on in one piece.
    mutating func advance(to position: LogPosition) {
        self.position = position
    }

    /// The next bytes to write, and whether they are this connection's own or shared with others.
    ///
    /// Nil if nothing more can be read yet.
    mutating func next(from log: BroadcastLog) -> (bytes: ByteBuffer, isOwn: Bool)? {
        while let first = insertions.first {
            if position < first.position {
                return takePiece(of: log, to: first.position).map { ($0, false) }
            }
            guard first.position <= log.readableEnd else { return nil }
            insertions.removeFirst()
            if first.isShared {
                sharedBytes -= first.bytes.readableBytes
            } else {
                insertedBytes -= first.bytes.readableBytes
            }
            position = max(position, first.end)
            if first.bytes.readableBytes > 0 { return (first.bytes, !first.isShared) }
        }
        return takePiece(of: log, to: limit).map { ($0, false) }
    }

    private mutating func takePiece(of log: BroadcastLog, to end: LogPosition) -> ByteBuffer? {
        guard let piece = log.piece(from: position, to: end) else { return nil }
        position += UInt64(piece.readableBytes)
        return piece
    }
}
