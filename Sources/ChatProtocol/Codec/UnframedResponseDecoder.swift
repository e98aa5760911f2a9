/// Cuts what an original server sends into responses (the client's side).
///
/// Without framing nothing but the next header, or silence, tells that a message
/// is over. So a message is held until either comes:
///
/// - A known reason, a readable `time` and whatever else that reason requires
///   start a response, wherever they stand in the stream. How the bytes are cut
///   into chunks makes no difference.
/// - Where nothing more comes for ``waitMilliseconds``, call ``giveUpWaiting()``:
///   it hands out what is held.
///
/// What comes after that without a header of its own continues the message that
/// was handed out. It follows as a response of its own, with the same header
/// and the rest of the text; a user list follows again as a whole, and the rest
/// of a CONVER or CONFIRM, which has said its part, is dropped.
///
/// An original server passes on what its users write, headers and all, with no
/// mark of where text ends: a hostile user of such a server can forge lines.
///
/// With a CONVER that agrees to netstrings the decoder is done: see ``rest``.
public struct UnframedResponseDecoder: Sendable {
    private let limit: Int
    private var bytes: [UInt8] = []
    private var scanner = ResponseBoundaryScanner()
    /// The message at the front of the bytes; nil where they start with no header.
    private var current: ResponseBoundaryScanner.Boundary?
    /// Where the part of the content starts that was not handed out; nil where
    /// nothing of the message was.
    private var delivered: Int?

    /// The bytes after the CONVER that agreed to netstrings; nil before it.
    ///
    /// They are the start of the first netstrings. From then on the decoder
    /// only adds to them whatever it receives.
    public private(set) var rest: [UInt8]?

    /// Creates a decoder for a fresh connection.
    ///
    /// - Parameter limit: The longest response to put together, in bytes.
    public init(limit: Int = Limits.unframedResponseBytes) {
        self.limit = limit
    }

    /// Whether something is held until more arrives, or nothing does.
    public var isWaiting: Bool { waitMilliseconds != nil }

    /// How many bytes are held, those included that continue with what comes.
    var heldBytes: Int { bytes.count }

    /// How long to wait for more before ``giveUpWaiting()``, in milliseconds
    /// from the last bytes that came; nil where nothing is held.
    ///
    /// Short where what is held may be complete, longer where it visibly is not.
    public var waitMilliseconds: Int? {
        guard rest == nil, !bytes.isEmpty, undelivered != nil else { return nil }
        return isVisiblyIncomplete ? Limits.unframedCompletionMilliseconds : Limits.unframedQuietMilliseconds
    }

    /// Reads what came in one read of the socket.
    ///
    /// - Parameter chunk: The bytes.
    /// - Returns: The responses that are complete, in order, and what could not
    ///   be read.
    public mutating func receive(_ chunk: Span<UInt8>) -> [Result<Response, MessageError>] {
        guard rest == nil else {
            rest?.append(copying: chunk)
            return []
        }
        bytes.append(copying: chunk)
        var results: [Result<Response, MessageError>] = []
        takeAgreement(into: &results)
        while rest == nil, let next = nextBoundary() {
            if next.isLogin, isAccepted(upTo: next.start) { continue }
            deliver(upTo: next.start, into: &results)
            remove(0..<next.start)
            delivered = nil
            current = ResponseBoundaryScanner.Boundary(
                start: 0,
                contentStart: next.contentStart - next.start,
                isLogin: next.isLogin,
                agreesToNetstrings: next.agreesToNetstrings
            )
            takeAgreement(into: &results)
        }
        if bytes.count > limit { shorten(into: &results) }
        return results
    }

    /// Hands out what is held, because nothing more came.
    ///
    /// - Returns: The response that was held, or what is wrong with the half
    ///   that came.
    public mutating func giveUpWaiting() -> [Result<Response, MessageError>] {
        guard rest == nil, let undelivered else { return [] }
        var results: [Result<Response, MessageError>] = []
        deliver(upTo: undelivered.upperBound, into: &results)
        if current == nil {
            remove(0..<bytes.count)
        } else {
            delivered = undelivered.upperBound
        }
        return results
    }

    private mutating func nextBoundary() -> ResponseBoundaryScanner.Boundary? {
        // Taken out and put back: the search reads the bytes beside it.
        var searching = scanner
        defer { scanner = searching }
        return searching.next(in: bytes.span, from: current?.contentStart ?? 0)
    }

    /// Whether the current message, up to an index, is a login accepted: no
    /// CONVER comes after that.
    private func isAccepted(upTo end: Int) -> Bool {
        guard let current, current.isLogin else { return false }
        return bytes[current.contentStart..<end].elementsEqual("OK".utf8)
    }

    /// What of the current message could be handed out now; nil for nothing.
    private var undelivered: Range<Int>? {
        guard current != nil else { return 0..<bytes.count }
        let end = bytes.count - bytes.span.unfinishedCharacterLength
        guard let delivered else { return 0..<end }
        return delivered < end ? delivered..<end : nil
    }

    private var isVisiblyIncomplete: Bool {
        guard let current else { return true }
        if scanner.endsInHeader(bytes.span) || bytes.span.unfinishedCharacterLength > 0 { return true }
        // The text of these is a verdict: neither the start of it nor the start
        // of the next header may be taken for all of it.
        guard delivered == nil, bytes.starts(with: "CON".utf8) else { return false }
        let content = bytes.dropFirst(current.contentStart)
        return content.count < "Error".utf8.count && !content.elementsEqual("OK".utf8)
            || scanner.endsInReason(bytes.span, from: current.contentStart)
    }

    /// Hands out the current message up to an index.
    private mutating func deliver(upTo end: Int, into results: inout [Result<Response, MessageError>]) {
        guard (delivered ?? 0) < end else { return }
        do throws(MessageError) {
            guard let current, let delivered else {
                let response = try Self.response(bytes.span.extracting(0..<end))
                if case .login(.accepted) = response.body { scanner.expectsLogin = false }
                results.append(.success(response))
                return
            }
            let header = Message(try MessageHeader(decoding: bytes.span.extracting(0..<current.contentStart)))
            switch header.reason {
            case "CONVER", "CONFIRM": break
            case "USER": results.append(.success(try Self.response(bytes.span.extracting(0..<end))))
            default:
                var message = header
                message.content = try MessageHeader.text(bytes.span, delivered..<end)
                results.append(.success(try Response(message)))
            }
        } catch {
            results.append(.failure(error))
        }
    }

    private static func response(_ bytes: Span<UInt8>) throws(MessageError) -> Response {
        let message = try Message(decoding: bytes)
        var response = try Response(message)
        if message.reason == "USER", let list = UserList(unescaped: message, bytes) { response.body = .users(list) }
        return response
    }

    /// Ends the work where the current message is a CONVER that agrees to
    /// netstrings, as soon as its `OK` is there.
    private mutating func takeAgreement(into results: inout [Result<Response, MessageError>]) {
        guard let current, current.agreesToNetstrings, scanner.expectsLogin else { return }
        let end = current.contentStart + 2
        guard bytes.count >= end, bytes[current.contentStart..<end].elementsEqual("OK".utf8) else { return }
        deliver(upTo: end, into: &results)
        rest = Array(bytes[end...])
        bytes = []
    }

    /// Hands out and drops what is held, once it is more than may be held.
    private mutating func shorten(into results: inout [Result<Response, MessageError>]) {
        guard let current, current.contentStart < limit / 2 else {
            results.append(.failure(MessageError(.tooLong(limit), at: limit)))
            remove(0..<bytes.count)
            self.current = nil
            delivered = nil
            return
        }
        results += giveUpWaiting()
        // Only the header, and what may yet turn out to be the next one, are
        // of further use.
        let end = min(delivered ?? current.contentStart, scanner.firstUndecided)
        if current.contentStart < end, bytes.count - end < limit / 2 {
            remove(current.contentStart..<end)
            delivered = delivered.map { $0 - (end - current.contentStart) }
        } else {
            remove(current.contentStart..<bytes.count)
            delivered = bytes.count
        }
    }

    private mutating func remove(_ range: Range<Int>) {
        bytes.removeSubrange(range)
        scanner.removed(range)
    }
}
