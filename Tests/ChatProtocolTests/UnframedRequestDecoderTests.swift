internal import ChatProtocol
internal import ChatTestSupport
internal import Testing

@Suite("Unframed request decoder")
struct UnframedRequestDecoderTests {
    private static func chat(_ text: String) -> Result<Request, MessageError> {
        .success(.chat(ChatRequest(recipient: .everyone, text: text)))
    }

    private static let login = Request.connect(ConnectRequest(nickname: "ann", password: "", color: "#FFF"))

    struct Row: Sendable {
        var bytes: [UInt8]
        var results: [Result<Request, MessageError>]
        var isWaiting: Bool

        init(
            _ text: String,
            more: [UInt8] = [],
            _ results: [Result<Request, MessageError>],
            waits isWaiting: Bool = false
        ) {
            bytes = Array(text.utf8) + more
            self.results = results
            self.isWaiting = isWaiting
        }
    }

    @Test(
        "one chunk gives what is complete in it, and holds what is not",
        arguments: [
            Row("", []),
            Row("CHAT,rec=-ALL,hi", [chat("hi")]),
            Row("CHAT,rec=-ALL,", [chat("")]),
            // Requests without content are split.
            Row("USER,,REF,,DISCON,,", [.success(.users), .success(.refresh(HistoryQuery())), .success(.disconnect)]),
            Row("CON,nickname=ann;password=;color=#FFF,CHAT,rec=-ALL,hi", [.success(login), chat("hi")]),
            Row("USER,,PING,,x", [.success(.users), .success(.ping("x"))]),
            // Free text is not.
            Row("CHAT,rec=-ALL,hiUSER,,", [chat("hiUSER,,")]),
            Row("CHAT,rec=-ALL,USER,,", [chat("USER,,")]),
            Row("UNBAN,user=a,BANS,,USER,,", [.success(.unban(user: "a")), .success(.bans), .success(.users)]),
            Row("KICK,user=a,CHAT,rec=-ALL,x", [.success(.kick(KickRequest(user: "a", reason: "CHAT,rec=-ALL,x")))]),
            Row("PING,,USER,,", [.success(.ping("USER,,"))]),
            // Content where none belongs is ignored.
            Row("USER,,\n", [.success(.users)]),
            Row("USER,,please", [.success(.users)]),
            Row("USER,,USERS,,", [.success(.users)]),
            Row("USER,, USER,,", [.success(.users)]),
            Row("USER,,O", [.success(.users)]),
            Row("USER,,xUSER,,", [.success(.users)]),
            Row("USER,,", more: [0xFF], [.success(.users)]),
            // A header that is not complete waits.
            Row("C", [], waits: true),
            Row("CHAT", [], waits: true),
            Row("CHAT,rec=-ALL", [], waits: true),
            Row("CHAT,rec=a/,", [], waits: true),
            Row("USER,,U", [.success(.users)], waits: true),
            Row("USER,,DISCON", [.success(.users)], waits: true),
            Row("USER,,CON,nickname=a", [.success(.users)], waits: true),
            // So does a character.
            Row("CHAT,rec=-ALL,x", more: [0xE2, 0x9C], [], waits: true),
            Row("CHAT,rec=", more: [0xC3], [], waits: true),
            // What is no message is an error, and what came with it is gone.
            Row("\n", [.failure(MessageError(.invalidReason, at: 0))]),
            Row("hello there,,", [.failure(MessageError(.invalidReason, at: 5))]),
            Row("CHAT,rec,hiUSER,,", [.failure(MessageError(.parameterWithoutValue, at: 5))]),
            Row("USER,,CHAT,rec,x", [.success(.users), .failure(MessageError(.parameterWithoutValue, at: 5))]),
            Row("BOGUS,a=b,hi", [.failure(MessageError(.unknownReason("BOGUS"), at: 0))]),
            Row("REF,limit=x,USER,,", [.failure(MessageError(.invalidParameter("limit"), at: 0))]),
            Row("CHAT,rec=-ALL,", more: [0xFF], [.failure(MessageError(.invalidUTF8, at: 14))]),
        ]
    )
    func oneChunk(_ row: Row) {
        var decoder = UnframedRequestDecoder()
        #expect(decoder.receive(row.bytes.span, filledReadBuffer: false) == row.results)
        #expect(decoder.isWaiting == row.isWaiting)
    }

    private func receive(
        _ text: String,
        by decoder: inout UnframedRequestDecoder,
        filled: Bool = false
    ) -> [Result<Request, MessageError>] {
        decoder.receive(Array(text.utf8).span, filledReadBuffer: filled)
    }

    @Test("half a request and silence is an error, and the next request is read")
    func silence() {
        var decoder = UnframedRequestDecoder()
        #expect(receive("CHAT,rec=-ALL", by: &decoder).isEmpty)
        #expect(decoder.isWaiting)
        #expect(decoder.giveUpWaiting() == [.failure(MessageError(.incompleteHeader, at: 13))])
        #expect(!decoder.isWaiting)
        #expect(decoder.giveUpWaiting().isEmpty)
        #expect(receive("CHAT,rec=-ALL,hi", by: &decoder) == [Self.chat("hi")])
    }

    @Test("a request that exactly filled the read buffer is read after silence")
    func filledExactly() {
        var decoder = UnframedRequestDecoder()
        #expect(receive("CHAT,rec=-ALL,hi", by: &decoder, filled: true).isEmpty)
        #expect(decoder.isWaiting)
        #expect(decoder.giveUpWaiting() == [Self.chat("hi")])
        #expect(!decoder.isWaiting)
    }

    @Test("chunks that filled the read buffer are one request with what follows")
    func filled() {
        var decoder = UnframedRequestDecoder()
        #expect(receive("CHAT,rec=-ALL,a", by: &decoder, filled: true).isEmpty)
        #expect(receive("USER,,", by: &decoder, filled: true).isEmpty)
        #expect(receive("b", by: &decoder) == [Self.chat("aUSER,,b")])
        #expect(!decoder.isWaiting)
    }

    @Test("a request without content is read at once although its chunk filled the read buffer")
    func filledWithoutContent() {
        var decoder = UnframedRequestDecoder()
        #expect(receive("USER,,CHAT,rec=-ALL,a", by: &decoder, filled: true) == [.success(.users)])
        #expect(receive("b", by: &decoder) == [Self.chat("ab")])
    }

    @Test("no more than the limit and a chunk is held")
    func limit() {
        var decoder = UnframedRequestDecoder(limit: 20)
        #expect(receive("CHAT,rec=-ALL,123456", by: &decoder, filled: true).isEmpty)
        #expect(receive("7", by: &decoder, filled: true) == [.failure(MessageError(.tooLong(20), at: 20))])
        // The rest of it is not taken for requests.
        #expect(receive("USER,,", by: &decoder, filled: true).isEmpty)
        #expect(decoder.isWaiting)
        #expect(receive("USER,,", by: &decoder).isEmpty)
        #expect(!decoder.isWaiting)
        #expect(receive("USER,,", by: &decoder) == [.success(.users)])
    }

    @Test("the rest of a faulty request that filled the read buffer is dropped until silence")
    func discarding() {
        var decoder = UnframedRequestDecoder()
        #expect(
            receive("CHAT,rec,x", by: &decoder, filled: true) == [.failure(MessageError(.parameterWithoutValue, at: 5))]
        )
        #expect(decoder.isWaiting)
        #expect(decoder.giveUpWaiting().isEmpty)
        #expect(receive("USER,,", by: &decoder) == [.success(.users)])
    }

    @Test("letters without end are an error at once")
    func endlessReason() {
        var decoder = UnframedRequestDecoder()
        let letters = String(repeating: "A", count: 600)
        #expect(receive(letters, by: &decoder) == [.failure(MessageError(.invalidReason, at: Limits.reasonLetters))])
        #expect(!decoder.isWaiting)
    }

    @Test("a header without end is an error once it is too long")
    func endlessHeader() {
        var decoder = UnframedRequestDecoder()
        var results: [Result<Request, MessageError>] = []
        var chunk = "CHAT,rec="
        for _ in 0..<40 where results.isEmpty {
            chunk += String(repeating: "x", count: 600)
            results = receive(chunk, by: &decoder)
            chunk = ""
        }
        #expect(
            results == [.failure(MessageError(.tooLong(Limits.unframedRequestBytes), at: Limits.unframedRequestBytes))]
        )
        #expect(!decoder.isWaiting)
    }

    @Test("the longest text with a header is put together")
    func longest() {
        var decoder = UnframedRequestDecoder()
        let text = String(repeating: "x", count: Limits.chatTextBytes)
        #expect(receive("CHAT,rec=-ALL," + text, by: &decoder, filled: true).isEmpty)
        #expect(decoder.giveUpWaiting() == [Self.chat(text)])
    }

    @Test("random bytes in random chunks never trap, and a request after silence is read", arguments: UInt64(0)..<100)
    func neverTraps(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var decoder = UnframedRequestDecoder(limit: Int.random(in: 0...200, using: &generator))
        let bytes = generator.bytes(Int.random(in: 0...1500, using: &generator))
        for piece in generator.pieces(of: bytes, upTo: Int.random(in: 1...300, using: &generator)) {
            _ = decoder.receive(piece.span, filledReadBuffer: Int.random(in: 0...4, using: &generator) == 0)
            if Int.random(in: 0...9, using: &generator) == 0 { _ = decoder.giveUpWaiting() }
        }
        _ = decoder.giveUpWaiting()
        #expect(!decoder.isWaiting)
        #expect(receive("USER,,", by: &decoder) == [.success(.users)])
    }
}
