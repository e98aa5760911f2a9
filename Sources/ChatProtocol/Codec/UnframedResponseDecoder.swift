/// Splits the bytes of an original server into responses (the client's side).
///
/// Without framing only the next header, or silence, shows that a message is over. So a message is held until one of
/// them comes:
///
/// - A response starts wherever a known reason, a readable `time` and whatever else that reason requires are found. It
///   makes no difference how the bytes are cut into chunks.
/// - If nothing more arrives for ``waitMilliseconds``, call ``giveUpWaiting()``: it returns what is held.
///
/// Bytes that arrive after that without a header continue the message that was returned. They are returned as a
/// separate response with the same header and the rest of the text. A user list is returned again as a whole. The rest
/// of a CONVER or CONFIRM, whose verdict is known already, is dropped.
///
/// An original server passes on what its users write, including headers, without any mark of where text ends. So a
/// hostile user of such a server can forge lines; ``suspects`` says which lines that may be.
///
/// After a CONVER that agrees to netstrings the decoder has nothing more to do, see ``rest``.
public struct UnframedResponseDecoder: Sendable {
    private let limit: Int
    private var bytes: [UInt8] = []
    private var scanner = ResponseBoundaryScanner()
    /// The message at the front of the bytes; nil if they do not start with a header.
    private var current: ResponseBoundaryScanner.Boundary?
    /// Where the part of the content starts that was not returned yet; nil if nothing of the message was.
    private var delivered: Int?
    /// Whether the current message may stand in somebody's text.
    private var isSuspect = false
    /// Where the last chunk starts that can't start within a message.
    private var firmStart = 0
    private var lastChunkBytes = 0
    /// Whether the last chunk ended where the server ended a message.
    private var isAtEnd = true

    /// Which of the results that were returned last may be part of somebody's text, by index.
    ///
    /// Such text is all that follows the header of a message in the same chunk. A chunk after a small one is beyond it:
    /// the network only cuts what fills a packet.
    public private(set) var suspects: Set<Int> = []

    /// The bytes after the CONVER that agreed to netstrings; nil before it.
    ///
    /// They are the start of the first netstrings. From then on the decoder only adds whatever it receives to them.
    public private(set) var rest: [UInt8]?

    /// Creates a decoder for a new connection.
    ///
    /// - Parameter limit: The longest response to put together, in bytes.
    public init(limit: Int = Limits.unframedResponseBytes) {
        self.limit = limit
    }

    /// Whether something is held until more arrives, or until it is clear that nothing does.
    public var isWaiting: Bool { waitMilliseconds != nil }

    /// How many bytes are held, including those that later bytes may continue.
    var heldBytes: Int { bytes.count }

    /// How long to wait for more before ``giveUpWaiting()``, in milliseconds since the last bytes; nil if nothing is
    /// held.
    ///
    /// It is short if the held message may be complete, and longer if it visibly is not.
    public var waitMilliseconds: Int? {
        guard rest == nil, !bytes.isEmpty, undelivered != nil else { return nil }
        return isVisiblyIncomplete ? Limits.unframedCompletionMilliseconds : Limits.unframedQuietMilliseconds
    }

    /// Handles the bytes of one read.
    ///
    /// - Parameter chunk: The bytes.
    /// - Returns: The complete responses, in order, and what could not be read.
    public mutating func receive(_ chunk: Span<UInt8>) -> [Result<Response, MessageError>] {
        guard rest == nil else {
            rest?.append(copying: chunk)
            return []
        }
        if isAtEnd { firmStart = bytes.count }
        // What is left over by a read that filled its buffer may be small, too.
        isAtEnd = chunk.count < Limits.unframedWholeBytes && lastChunkBytes < Limits.unframedMessageBytes
        lastChunkBytes = chunk.count
        suspects = []
        bytes.append(copying: chunk)
        var results: [Result<Response, MessageError>] = []
        takeAgreement(into: &results)
        while rest == nil, let next = nextBoundary() {
            if next.isLogin, isAccepted(upTo: next.start) { continue }
            deliver(upTo: next.start, into: &results)
            isSuspect = next.start != firmStart && (isSuspect || current?.carriesText ?? false)
            remove(0..<next.start)
            delivered = nil
            current = ResponseBoundaryScanner.Boundary(
                start: 0,
                contentStart: next.contentStart - next.start,
                isLogin: next.isLogin,
                carriesText: next.carriesText,
                agreesToNetstrings: next.agreesToNetstrings
            )
            takeAgreement(into: &results)
        }
        if bytes.count > limit { shorten(into: &results) }
        return results
    }

    /// Returns what is held, because nothing more arrived.
    ///
    /// - Returns: The response that was held, or what is wrong with the incomplete one.
    public mutating func giveUpWaiting() -> [Result<Response, MessageError>] {
        suspects = []
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
        // Take the scanner out and put it back: the search reads the bytes next to it.
        var searching = scanner
        defer { scanner = searching }
        return searching.next(in: bytes.span, from: current?.contentStart ?? 0)
    }

    /// Whether the current message, up to an index, is an accepted login: no CONVER comes after that.
    private func isAccepted(upTo end: Int) -> Bool {
        guard let current, current.isLogin else { return false }
        return bytes[current.contentStart..<end].elementsEqual("OK".utf8)
    }

    /// The part of the current message that could be returned now; nil for nothing.
    private var undelivered: Range<Int>? {
        guard current != nil else { return 0..<bytes.count }
        let end = bytes.count - bytes.span.unfinishedCharacterLength
        guard let delivered else { return 0..<end }
        return delivered < end ? delivered..<end : nil
    }

    private var isVisiblyIncomplete: Bool {
        guard let current else { return true }
        if scanner.endsInHeader(bytes.span) || bytes.span.unfinishedCharacterLength > 0 { return true }
        // The text of these is a verdict. Neither its beginning nor the beginning of the next header may be taken for
        // all of it.
        guard delivered == nil, bytes.starts(with: "CON".utf8) else { return false }
        let content = bytes.dropFirst(current.contentStart)
        return content.count < "Error".utf8.count && !content.elementsEqual("OK".utf8)
            || scanner.endsInReason(bytes.span, from: current.contentStart)
    }

    /// Returns the current message up to an index.
    private mutating func deliver(upTo end: Int, into results: inout [Result<Response, MessageError>]) {
        guard (delivered ?? 0) < end else { return }
        let first = results.count
        defer { if isSuspect, results.count > first { suspects.insert(first) } }
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

    /// Finishes if the current message is a CONVER that agrees to netstrings, as soon as its `OK` is there.
    private mutating func takeAgreement(into results: inout [Result<Response, MessageError>]) {
        guard let current, current.agreesToNetstrings, scanner.expectsLogin else { return }
        let end = current.contentStart + 2
        guard bytes.count >= end, bytes[current.contentStart..<end].elementsEqual("OK".utf8) else { return }
        deliver(upTo: end, into: &results)
        rest = Array(bytes[end...])
        bytes = []
    }

    /// Returns and drops what is held if it is more than the limit.
    private mutating func shorten(into results: inout [Result<Response, MessageError>]) {
        guard let current, current.contentStart < limit / 2 else {
            results.append(.failure(MessageError(.tooLong(limit), at: limit)))
            remove(0..<bytes.count)
            self.current = nil
            isSuspect = true
            delivered = nil
            return
        }
        results += giveUpWaiting()
        // Keep only the header, and the bytes that may turn out to be the next one.
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
        // -1 is nowhere: the start itself is gone.
        firmStart = firmStart >= range.upperBound ? firmStart - range.count : -1
        scanner.removed(range)
    }
}
