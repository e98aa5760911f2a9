internal import ChatProtocol
internal import ChatTestSupport
internal import Testing

/// Every byte that original clients wrote, read by our server.
@Suite("Recorded requests")
struct RecordedRequestTests {
    static let rows = Recording.allRows(.client)

    static func decode(_ pieces: [[UInt8]]) -> [Result<Request, MessageError>] {
        var decoder = UnframedRequestDecoder()
        var results: [Result<Request, MessageError>] = []
        for piece in pieces { results += decoder.receive(piece.span, .prompt) }
        return results + decoder.giveUpWaiting()
    }

    static func expected(_ text: String) -> [Result<Request, MessageError>] {
        do throws(MessageError) {
            return [.success(try Request(text: text))]
        } catch {
            return [.failure(error)]
        }
    }

    /// Where a message may be cut without the rest looking like another: in its
    /// header, and inside its characters.
    static func harmlessCuts(_ text: String) -> [Int] {
        let bytes = Array(text.utf8)
        guard let message = try? Message(text: text) else { return [] }
        let contentStart = bytes.count - message.content.utf8.count
        return bytes.indices.filter { $0 < contentStart || bytes[$0] & 0xC0 == 0x80 }
    }

    @Test("the recordings are there")
    func recorded() {
        #expect(Self.rows.count > 30)
    }

    @Test("each row is read", arguments: rows)
    func whole(_ row: Recording.Row) {
        let results = Self.decode([Array(row.text.utf8)])
        #expect(results == Self.expected(row.text))
        if case .failure(let error) = results.first {
            #expect(error.code == .unknownReason("BOGUS"))
        }
    }

    @Test("each row is read however its header is cut", arguments: rows)
    func cutInTwo(_ row: Recording.Row) {
        let bytes = Array(row.text.utf8)
        for cut in Self.harmlessCuts(row.text) {
            #expect(Self.decode([Array(bytes[..<cut]), Array(bytes[cut...])]) == Self.expected(row.text), "\(cut)")
        }
    }

    @Test("each row without content is read byte by byte", arguments: rows)
    func byteByByte(_ row: Recording.Row) throws {
        guard try Message(text: row.text).content.isEmpty else { return }
        #expect(Self.decode(row.text.utf8.map { [$0] }) == Self.expected(row.text))
    }

    @Test("each row is read however it is cut where every chunk filled the read buffer", arguments: rows)
    func filled(_ row: Recording.Row) {
        let bytes = Array(row.text.utf8)
        for cut in bytes.indices.dropFirst() {
            var decoder = UnframedRequestDecoder()
            var results = decoder.receive(Array(bytes[..<cut]).span, .full)
            results += decoder.receive(Array(bytes[cut...]).span, .prompt)
            #expect(results == Self.expected(row.text), "\(cut)")
            #expect(!decoder.isWaiting)
        }
    }

    @Test("a row behind requests without content is split from them", arguments: rows)
    func glued(_ row: Recording.Row) throws {
        let first = "UPDATE,nickname=foo/,bar;color=#ABCDEF,"
        let text = "\(first)REF,,USER,,\(row.text)"
        let known: [Result<Request, MessageError>] = [
            .success(try Request(text: first)), .success(.refresh(HistoryQuery())), .success(.users),
        ]
        // What is no request there is content that nobody reads.
        let last = row.text.hasPrefix("BOGUS") ? [] : Self.expected(row.text)
        let bytes = Array(text.utf8)
        #expect(Self.decode([bytes]) == known + last)
        for cut in 0..<bytes.count - row.text.utf8.count {
            #expect(Self.decode([Array(bytes[..<cut]), Array(bytes[cut...])]) == known + last, "\(cut)")
        }
    }

    @Test("what follows a CHAT or KICK is its text", arguments: rows)
    func neverSplit(_ row: Recording.Row) throws {
        let results = Self.decode([Array("CHAT,rec=-ALL,hi\(row.text)".utf8), Array("KICK,user=a,\(row.text)".utf8)])
        #expect(
            results == [
                .success(.chat(ChatRequest(recipient: .everyone, text: "hi\(row.text)"))),
                .success(.kick(KickRequest(user: "a", reason: row.text))),
            ]
        )
    }
}
