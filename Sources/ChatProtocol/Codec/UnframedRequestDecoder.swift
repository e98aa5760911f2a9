/// Splits the bytes of an original client into requests (the server's side).
///
/// Without framing one write of the client is one request, and one read usually returns one write. Where it visibly
/// does not, the decoder corrects it:
///
/// - A chunk that ends inside the header or inside a UTF-8 sequence, or that filled the read buffer, waits for the next
///   chunk.
/// - A request without content may be followed by the next request in the same chunk, and is split there.
/// - The content of CHAT and KICK is free text and extends to the end of the chunk: what a user types can't become a
///   request.
/// - Only a chunk that may hold several writes (see ``Arrival``) is also split within its texts, wherever a request
///   starts. Here the other risk is greater: a private message would be shown to everybody as the end of a public one.
///
/// When ``isWaiting`` becomes true, start a timer of ``Limits/unframedCompletionMilliseconds``, and call
/// ``giveUpWaiting()`` when it fires.
public struct UnframedRequestDecoder: Sendable {
    /// How a chunk was read from the socket.
    ///
    /// This says whether it may be more than one write.
    public enum Arrival: Hashable, Sendable {
        /// It was read as soon as it arrived.
        case prompt
        /// It waited unread, perhaps together with later writes.
        case delayed
        /// It filled the read buffer.
        ///
        /// It may be several writes, and the rest of the last one may still be in the socket.
        case full
    }

    private let limit: Int
    private var pending: [UInt8] = []
    /// Whether the pending bytes may be more than one write.
    private var mayPendingBeSeveral = false
    private var isDiscarding = false

    /// Creates a decoder.
    ///
    /// - Parameter limit: The longest request to wait for, in bytes; the decoder never holds more than that and one
    ///   chunk.
    public init(limit: Int = Limits.unframedRequestBytes) {
        self.limit = limit
    }

    /// Whether the decoder is in the middle of a request.
    public var isWaiting: Bool { !pending.isEmpty || isDiscarding }

    /// How many bytes wait for more to arrive.
    var heldBytes: Int { pending.count }

    /// Handles the bytes of one read.
    ///
    /// - Parameters:
    ///   - chunk: The bytes.
    ///   - arrival: How they were read.
    /// - Returns: The complete requests, in order, and the faults among them. A fault drops the rest of what was
    ///   written together with it; then the stream is in step again.
    public mutating func receive(_ chunk: Span<UInt8>, _ arrival: Arrival) -> [Result<Request, MessageError>] {
        var chunk = chunk
        if isDiscarding {
            guard let next = RequestStart.first(in: chunk, from: 0, mayContinue: arrival == .full) else {
                isDiscarding = arrival == .full
                return []
            }
            isDiscarding = false
            chunk = chunk.extracting(next..<chunk.count)
        }
        var results: [Result<Request, MessageError>] = []
        let maySplit = arrival != .prompt || mayPendingBeSeveral
        if pending.isEmpty {
            let rest = decode(chunk, isFull: arrival == .full, maySplit: maySplit, into: &results)
            pending.append(copying: chunk.extracting(rest..<chunk.count))
        } else {
            pending.append(copying: chunk)
            let rest = decode(pending.span, isFull: arrival == .full, maySplit: maySplit, into: &results)
            pending.removeFirst(rest)
        }
        if pending.count > limit {
            pending = []
            results.append(.failure(MessageError(.tooLong(limit), at: limit)))
        }
        mayPendingBeSeveral = maySplit && !pending.isEmpty
        if case .failure = results.last, pending.isEmpty { isDiscarding = arrival == .full }
        return results
    }

    /// Stops waiting for more and handles the pending bytes as they are.
    ///
    /// - Returns: The request that was held because its chunk filled the read buffer, or what is wrong with the
    ///   incomplete one.
    public mutating func giveUpWaiting() -> [Result<Request, MessageError>] {
        isDiscarding = false
        guard !pending.isEmpty else { return [] }
        let held = pending
        pending = []
        mayPendingBeSeveral = false
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
        isFull: Bool,
        maySplit: Bool,
        into results: inout [Result<Request, MessageError>]
    ) -> Int {
        var start = 0
        while start < bytes.count {
            // The start of the next request within the text of this one.
            var next: Int?
            do throws(MessageError) {
                let message = bytes.extracting(start..<bytes.count)
                let header = try MessageHeader(decoding: message)
                let contentStart = start + header.contentStart
                if Request.carriesNoContent(header.reason) {
                    results.append(.success(try Request(Message(header))))
                    switch Self.follower(bytes.extracting(contentStart..<bytes.count)) {
                    case .request: next = contentStart
                    case .beginningOfRequest: return contentStart
                    case .anythingElse:
                        if maySplit { next = RequestStart.first(in: bytes, from: contentStart, mayContinue: isFull) }
                    }
                } else {
                    if maySplit { next = RequestStart.first(in: bytes, from: contentStart, mayContinue: isFull) }
                    let request = try Request(
                        try Message(header, contentOf: bytes.extracting(start..<(next ?? bytes.count)))
                    )
                    if next == nil, isFull { return start }
                    results.append(.success(request))
                }
            } catch {
                if next == nil, error.isIncomplete { return start }
                results.append(.failure(error))
                if next == nil, maySplit { next = RequestStart.first(in: bytes, from: start + 1, mayContinue: isFull) }
            }
            guard let next else { return bytes.count }
            start = next
        }
        return start
    }

    /// What follows a request without content.
    private enum Follower {
        case request
        case beginningOfRequest
        /// Content where none is expected; it is ignored.
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
    /// The reasons of the requests that a server knows.
    static let reasons = ["CON", "CHAT", "UPDATE", "DISCON", "REF", "USER", "KICK", "UNBAN", "BANS", "PING", "PONG"]

    /// Whether requests with this reason have nothing after the second comma.
    static func carriesNoContent(_ reason: String) -> Bool {
        switch reason {
        case "CON", "UPDATE", "DISCON", "REF", "USER", "UNBAN", "BANS": true
        default: false
        }
    }
}
