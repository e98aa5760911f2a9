/// Cuts what an original client sends into requests (the server's side).
///
/// Without framing one write of the client is one request, and what one read
/// brings is mostly one write. Where it visibly is not, this puts things right:
///
/// - A chunk that ends inside the header, inside a UTF-8 sequence, or that filled
///   the read buffer waits for the next one.
/// - Requests that carry no content may be followed by the next request in the
///   same chunk, and are split there.
/// - The content of CHAT and KICK is free text and reaches to the end of the
///   chunk: what a user types can't become a request.
///
/// While ``isWaiting``, keep a timer of ``Limits/unframedCompletionMilliseconds``
/// from the first such moment, and call ``giveUpWaiting()`` when it fires.
public struct UnframedRequestDecoder: Sendable {
    private let limit: Int
    private var pending: [UInt8] = []
    private var isDiscarding = false

    /// Creates a decoder.
    ///
    /// - Parameter limit: The longest request to wait for, in bytes; no more
    ///   than that and one chunk is ever held.
    public init(limit: Int = Limits.unframedRequestBytes) {
        self.limit = limit
    }

    /// Whether the decoder is in the middle of a request.
    public var isWaiting: Bool { !pending.isEmpty || isDiscarding }

    /// How many bytes are held until more arrive.
    var heldBytes: Int { pending.count }

    /// Takes what one read brought.
    ///
    /// - Parameters:
    ///   - chunk: The bytes.
    ///   - filledReadBuffer: Whether the read brought as much as it could, so
    ///     that the rest of a request may still be in the socket.
    /// - Returns: The requests that are complete, in order, and the faults
    ///   among them. A fault drops the rest of what was written together with
    ///   it, and the stream is in step again.
    public mutating func receive(
        _ chunk: Span<UInt8>,
        filledReadBuffer: Bool
    ) -> [Result<Request, MessageError>] {
        if isDiscarding {
            isDiscarding = filledReadBuffer
            return []
        }
        var results: [Result<Request, MessageError>] = []
        if pending.isEmpty {
            let rest = decode(chunk, mayContinue: filledReadBuffer, into: &results)
            pending.append(copying: chunk.extracting(rest..<chunk.count))
        } else {
            pending.append(copying: chunk)
            let rest = decode(pending.span, mayContinue: filledReadBuffer, into: &results)
            pending.removeFirst(rest)
        }
        if pending.count > limit {
            pending = []
            results.append(.failure(MessageError(.tooLong(limit), at: limit)))
        }
        if case .failure = results.last { isDiscarding = filledReadBuffer }
        return results
    }

    /// Ends the wait for more: what is held is taken as it is.
    ///
    /// - Returns: The request that was held because its chunk filled the read
    ///   buffer, or what is wrong with the half that came.
    public mutating func giveUpWaiting() -> [Result<Request, MessageError>] {
        isDiscarding = false
        guard !pending.isEmpty else { return [] }
        let held = pending
        pending = []
        do throws(MessageError) {
            return [.success(try Request(decoding: held.span))]
        } catch {
            return [.failure(error)]
        }
    }

    /// Reads requests from the front of the bytes.
    ///
    /// - Returns: The index of the first byte to keep for later.
    private func decode(
        _ bytes: Span<UInt8>,
        mayContinue: Bool,
        into results: inout [Result<Request, MessageError>]
    ) -> Int {
        var start = 0
        while start < bytes.count {
            do throws(MessageError) {
                let message = bytes.extracting(start..<bytes.count)
                let header = try MessageHeader(decoding: message)
                guard Request.carriesNoContent(header.reason) else {
                    let request = try Request(try Message(header, contentOf: message))
                    if mayContinue { return start }
                    results.append(.success(request))
                    return bytes.count
                }
                results.append(.success(try Request(Message(header))))
                start += header.contentStart
                switch Self.follower(bytes.extracting(start..<bytes.count)) {
                case .request: continue
                case .beginningOfRequest: return start
                case .anythingElse: return bytes.count
                }
            } catch {
                if error.isIncomplete { return start }
                results.append(.failure(error))
                return bytes.count
            }
        }
        return start
    }

    /// What may follow a request that carries no content.
    private enum Follower {
        case request
        case beginningOfRequest
        /// Content where none is expected: ignored.
        case anythingElse
    }

    private static func follower(_ bytes: Span<UInt8>) -> Follower {
        var follower = Follower.anythingElse
        for reason in Request.reasons {
            let agreement = bytes.agreement(with: reason, at: 0)
            if agreement == bytes.count {
                follower = .beginningOfRequest
            } else if agreement == reason.utf8.count, bytes[agreement] == UInt8(ascii: ",") {
                return .request
            }
        }
        return follower
    }
}

extension Request {
    /// The reasons that a server knows.
    static let reasons = ["CON", "CHAT", "UPDATE", "DISCON", "REF", "USER", "KICK", "UNBAN", "BANS", "PING", "PONG"]

    /// Whether a request has nothing after its second comma.
    static func carriesNoContent(_ reason: String) -> Bool {
        switch reason {
        case "CON", "UPDATE", "DISCON", "REF", "USER", "UNBAN", "BANS": true
        default: false
        }
    }
}
