/// Finds where the next response of an unframed server starts.
///
/// It looks at every byte once, in whatever pieces the bytes arrive. A comma after a known reason may start a header.
/// At the next unescaped comma it is clear whether it was one. Any other comma is text.
struct ResponseBoundaryScanner: Sendable {
    /// A header that was found.
    struct Boundary: Hashable, Sendable {
        /// The index of the reason's first letter.
        let start: Int
        /// The index after the comma that ends the parameters.
        let contentStart: Int
        /// Whether it is a CONVER.
        let isLogin: Bool
        /// Whether what follows is text that a user wrote.
        let carriesText: Bool
        /// Whether it is a CONVER that agrees to netstrings.
        let agreesToNetstrings: Bool
    }

    /// Whether a CONVER is expected.
    ///
    /// An original server sends none later; what looks like one then is somebody's text.
    var expectsLogin = true

    private var position = 0
    private var candidate: Candidate?
    private var isEscaped = false

    private struct Candidate {
        var start: Int
        var parameters: Int
    }

    /// Continues where the last search stopped.
    ///
    /// - Parameters:
    ///   - bytes: All bytes that are held.
    ///   - lowerBound: Where the content of the previous message starts; a reason can't start before it.
    /// - Returns: The next header, or nil if more bytes are needed.
    mutating func next(in bytes: Span<UInt8>, from lowerBound: Int) -> Boundary? {
        while position < bytes.count {
            let index = position
            position += 1
            if isEscaped {
                isEscaped = false
                continue
            }
            switch bytes[index] {
            case UInt8(ascii: "/"):
                isEscaped = candidate != nil
            case UInt8(ascii: ","):
                if let candidate, let boundary = boundary(bytes, candidate.start..<index + 1) {
                    self.candidate = nil
                    return boundary
                }
                candidate = reasonStart(bytes, endingAt: index, from: lowerBound)
                    .map { Candidate(start: $0, parameters: index + 1) }
            default:
                break
            }
        }
        return nil
    }

    /// Whether the bytes end in something that looks like the start of a header.
    func endsInHeader(_ bytes: Span<UInt8>) -> Bool {
        guard let candidate else { return false }
        let key = "time="
        let agreement = bytes.agreement(with: key, at: candidate.parameters)
        return agreement == key.utf8.count || candidate.parameters + agreement == bytes.count
    }

    /// Whether the bytes from an index on end in a known reason, or its first letters.
    func endsInReason(_ bytes: Span<UInt8>, from lowerBound: Int) -> Bool {
        for start in max(lowerBound, bytes.count - Self.longestReason)..<bytes.count {
            for reason in Self.reasons where start + bytes.agreement(with: reason, at: start) == bytes.count {
                return true
            }
        }
        return false
    }

    /// The index of the first byte that an incomplete header may still need.
    var firstUndecided: Int {
        candidate?.start ?? max(0, position - Self.longestReason)
    }

    /// Adjusts the indices after bytes were removed.
    mutating func removed(_ range: Range<Int>) {
        position = max(range.lowerBound, position - range.count)
        if let open = candidate {
            candidate =
                open.start < range.upperBound
                ? nil
                : Candidate(start: open.start - range.count, parameters: open.parameters - range.count)
        }
        if candidate == nil { isEscaped = false }
    }

    private static let reasons = ["CHATR", "INFO", "USER", "CONFIRM", "ERR", "WARN", "CONVER"]
    private static let longestReason = 7

    /// The start of a known reason that ends at an index; nil if there is none.
    private func reasonStart(_ bytes: Span<UInt8>, endingAt end: Int, from lowerBound: Int) -> Int? {
        for reason in Self.reasons where expectsLogin || reason != "CONVER" {
            let start = end - reason.utf8.count
            guard start >= lowerBound else { continue }
            if start + bytes.agreement(with: reason, at: start) == end { return start }
        }
        return nil
    }

    /// The boundary, if the bytes in the range are the header of a response.
    private func boundary(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Boundary? {
        guard let header = try? MessageHeader(decoding: bytes.extracting(range)),
            header.reason != "USER" || UserList.hasCounts(header.parameters),
            let response = try? Response(Message(header))
        else { return nil }
        var isLogin = false
        if case .login = response.body { isLogin = true }
        return Boundary(
            start: range.lowerBound,
            contentStart: range.upperBound,
            isLogin: isLogin,
            carriesText: header.reason == "CHATR" || header.reason == "WARN",
            agreesToNetstrings: isLogin && header.parameters["framing"] == Framing.netstring.rawValue
        )
    }
}
