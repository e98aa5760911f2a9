internal import ChatProtocol
internal import NIOCore

/// Reads what a server sends: as an original server sends it, until a CONVER
/// agrees to netstrings, and netstrings from the very next byte.
struct ServerStreamDecoder {
    /// Reads as long as nothing else is agreed to.
    private var unframed: UnframedResponseDecoder? = UnframedResponseDecoder()
    /// What is there of the next netstring.
    private var pending = ByteBuffer()

    /// How messages are told apart now.
    var framing: Framing { unframed == nil ? .netstring : .none }

    /// How long to wait for more before ``giveUpWaiting()``; nil for not at all.
    var waitMilliseconds: Int? { unframed?.waitMilliseconds }

    /// Reads what one read brought.
    ///
    /// - Parameters:
    ///   - chunk: The bytes.
    ///   - events: What is complete is appended, also where an error is thrown.
    /// - Throws: ``FramingError``; nothing that follows can be read.
    mutating func receive(_ chunk: ByteBuffer, into events: inout [ServerEvent]) throws(FramingError) {
        if let responses = unframed?.receive(chunk.readableBytesUInt8Span) {
            events += responses.map(ServerEvent.init)
            guard let rest = unframed?.rest else { return }
            unframed = nil
            pending = ByteBuffer(bytes: rest)
        } else if pending.readableBytes == 0 {
            pending = chunk
        } else {
            pending.writeImmutableBuffer(chunk)
        }
        try readNetstrings(into: &events)
    }

    /// Hands out what an original server has probably finished, because
    /// nothing more came.
    mutating func giveUpWaiting() -> [ServerEvent] {
        unframed?.giveUpWaiting().map(ServerEvent.init) ?? []
    }

    private mutating func readNetstrings(into events: inout [ServerEvent]) throws(FramingError) {
        while pending.readableBytes > 0 {
            guard let (event, end) = try Self.firstEvent(pending) else {
                // What was read is given back, so that a slow trickle of large
                // messages doesn't pile up before them.
                pending.discardReadBytes()
                return
            }
            events.append(event)
            pending.moveReaderIndex(forwardBy: end)
        }
        pending = ByteBuffer()
    }

    private static func firstEvent(_ buffer: ByteBuffer) throws(FramingError) -> (ServerEvent, end: Int)? {
        let bytes = buffer.readableBytesUInt8Span
        guard case .frame(let payload, let end) = try Netstring.scan(bytes, limit: Limits.framedResponseBytes) else {
            return nil
        }
        do throws(MessageError) {
            return (.response(try Response(decoding: bytes.extracting(payload))), end)
        } catch {
            return (.unreadable(error), end)
        }
    }
}

extension ServerEvent {
    init(_ result: Result<Response, MessageError>) {
        switch result {
        case .success(let response): self = .response(response)
        case .failure(let error): self = .unreadable(error)
        }
    }
}
