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
        #expect(decoder.receive(row.bytes.span, .prompt) == row.results)
        #expect(decoder.isWaiting == row.isWaiting)
    }

    private func receive(
        _ text: String,
        by decoder: inout UnframedRequestDecoder,
        filled: Bool = false
    ) -> [Result<Request, MessageError>] {
        decoder.receive(Array(text.utf8).span, filled ? .full : .prompt)
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
        #expect(receive("USERS", by: &decoder, filled: true).isEmpty)
        #expect(receive("b", by: &decoder) == [Self.chat("aUSERSb")])
        #expect(!decoder.isWaiting)
    }

    struct Glued: Sendable {
        var bytes: String
        var requests: [String]

        init(_ bytes: String, _ requests: [String]) {
            self.bytes = bytes
            self.requests = requests
        }
    }

    private static let glued = [
        Glued(
            "CHAT,rec=-ALL,line 047CHAT,rec=bobby,my secretDISCON,,",
            [
                "CHAT,rec=-ALL,line 047", "CHAT,rec=bobby,my secret", "DISCON,,",
            ]
        ),
        Glued("CHAT,rec=-ALL,CHAT,rec=-ALL,", ["CHAT,rec=-ALL,", "CHAT,rec=-ALL,"]),
        Glued(
            "CHAT,rec=-ALL,aREF,,USER,,CHAT,rec=a/,b//,b",
            [
                "CHAT,rec=-ALL,a", "REF,,", "USER,,", "CHAT,rec=a/,b//,b",
            ]
        ),
        Glued(
            "CHAT,rec=-ALL,aUPDATE,password=swordfish;color=#FFF,",
            [
                "CHAT,rec=-ALL,a", "UPDATE,password=swordfish;color=#FFF,",
            ]
        ),
        Glued(
            "CHAT,rec=-ALL,éKICK,user=bob,whyCHAT,rec=-ALL,é",
            [
                "CHAT,rec=-ALL,é", "KICK,user=bob,why", "CHAT,rec=-ALL,é",
            ]
        ),
        // A line that only speaks of requests stays whole.
        Glued(
            "CHAT,rec=-ALL,please KICK, or UPDATE, or CHAT,rec or REF, and USERS,,",
            [
                "CHAT,rec=-ALL,please KICK, or UPDATE, or CHAT,rec or REF, and USERS,,"
            ]
        ),
        // Neither a fault nor what is ignored takes the next request along.
        Glued("USER,,pleaseCHAT,rec=bob,psst", ["USER,,", "CHAT,rec=bob,psst"]),
    ]

    @Test("bytes that may be several writes are split wherever a request starts", arguments: glued)
    func severalWrites(_ row: Glued) throws {
        var decoder = UnframedRequestDecoder()
        let expected = try row.requests.map { Result<Request, MessageError>.success(try Request(text: $0)) }
        #expect(decoder.receive(Array(row.bytes.utf8).span, .delayed) == expected)
        #expect(!decoder.isWaiting)
    }

    @Test("wherever a full buffer cuts several writes, each is a request", arguments: glued)
    func cutByTheBuffer(_ row: Glued) throws {
        let bytes = Array(row.bytes.utf8)
        let expected = try row.requests.map { Result<Request, MessageError>.success(try Request(text: $0)) }
        // Behind a request that is complete a cut leaves nothing to be told from a new one.
        for cut in bytes.indices.dropFirst() where !row.bytes.hasPrefix("USER,,please") {
            var decoder = UnframedRequestDecoder()
            let results =
                decoder.receive(Array(bytes[..<cut]).span, .full)
                + decoder.receive(Array(bytes[cut...]).span, .delayed)
            #expect(results == expected, "cut at \(cut)")
        }
    }

    @Test("read promptly, the same bytes are one text", arguments: glued.prefix(5))
    func oneWrite(_ row: Glued) throws {
        var decoder = UnframedRequestDecoder()
        #expect(decoder.receive(Array(row.bytes.utf8).span, .prompt) == [.success(try Request(text: row.bytes))])
    }

    @Test("a fault among several writes does not swallow what follows")
    func faultAmongSeveral() {
        var decoder = UnframedRequestDecoder()
        let results = decoder.receive(Array("CHAT,rec,xDISCON,,".utf8).span, .delayed)
        #expect(results == [.failure(MessageError(.parameterWithoutValue, at: 5)), .success(.disconnect)])
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
        // Its rest is dropped, up to the next request.
        #expect(receive("89", by: &decoder, filled: true).isEmpty)
        #expect(decoder.isWaiting)
        #expect(receive("0USER,,", by: &decoder) == [.success(.users)])
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
            _ = decoder.receive(piece.span, [.prompt, .delayed, .full].randomElement(using: &generator) ?? .prompt)
            if Int.random(in: 0...9, using: &generator) == 0 { _ = decoder.giveUpWaiting() }
        }
        _ = decoder.giveUpWaiting()
        #expect(!decoder.isWaiting)
        #expect(receive("USER,,", by: &decoder) == [.success(.users)])
    }
}
