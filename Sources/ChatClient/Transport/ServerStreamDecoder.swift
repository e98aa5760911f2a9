internal import ChatProtocol
internal import NIOCore

/// Decodes what a server sends: unframed as from an original server, until a CONVER agrees to netstrings, which start
/// with the very next byte.
struct ServerStreamDecoder: Sendable {
    /// The unframed decoder; nil once netstrings are agreed.
    private var unframed: UnframedResponseDecoder? = UnframedResponseDecoder()
    /// The bytes of an incomplete netstring.
    private var pending = ByteBuffer()

    /// The framing in use.
    var framing: Framing { unframed == nil ? .netstring : .none }

    /// How long to wait for more bytes before ``giveUpWaiting()``; nil if there is nothing to wait for.
    var waitMilliseconds: Int? { unframed?.waitMilliseconds }

    /// Decodes the bytes of one read.
    ///
    /// - Parameters:
    ///   - chunk: The bytes.
    ///   - events: Complete events are appended here, even if an error is thrown.
    /// - Throws: ``FramingError``; nothing after it can be read.
    mutating func receive(_ chunk: ByteBuffer, into events: inout [ServerEvent]) throws(FramingError) {
        if let responses = unframed?.receive(chunk.readableBytesUInt8Span) {
            events += self.events(responses)
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

    /// Returns what an original server has probably finished, since nothing more came.
    mutating func giveUpWaiting() -> [ServerEvent] {
        let responses = unframed?.giveUpWaiting() ?? []
        return events(responses)
    }

    private func events(_ results: [Result<Response, MessageError>]) -> [ServerEvent] {
        results.enumerated().map { index, result in
            switch result {
            case .success(let response) where unframed?.suspects.contains(index) == true: .suspect(response)
            case .success(let response): .response(response)
            case .failure(let error): .unreadable(error)
            }
        }
    }

    private mutating func readNetstrings(into events: inout [ServerEvent]) throws(FramingError) {
        while pending.readableBytes > 0 {
            guard let (event, end) = try Self.firstEvent(pending) else {
                // Free the bytes already read, so that they don't pile up when large messages arrive slowly.
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
