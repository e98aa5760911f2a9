internal import ChatProtocol
internal import ChatTestSupport
internal import Testing

@Suite("Unframed response decoder")
struct UnframedResponseDecoderTests {
    private static let time = "time=2026-11-22 12:04:05"

    private func receive(_ text: String, by decoder: inout UnframedResponseDecoder) -> [Result<Response, MessageError>]
    {
        let filled = text.replacing("T;", with: Self.time + ";").replacing("T,", with: Self.time + ",")
        return decoder.receive(Array(filled.utf8).span)
    }

    private func response(_ body: Response.Body) throws -> Result<Response, MessageError> {
        .success(Response(time: try #require(WireTime("2026-11-22 12:04:05")), body: body))
    }

    private func chat(_ text: String) throws -> Result<Response, MessageError> {
        try response(.chat(ChatMessage(sender: "ann", recipient: .everyone, color: "#FFF", text: text)))
    }

    private let chatHeader = "CHATR,T;sender=ann;rec=-ALL;color=#FFF,"

    @Test("a message is held until the next one starts, or silence")
    func held() throws {
        var decoder = UnframedResponseDecoder()
        #expect(!decoder.isWaiting)
        #expect(receive(chatHeader + "one", by: &decoder).isEmpty)
        #expect(decoder.waitMilliseconds == Limits.unframedQuietMilliseconds)
        #expect(receive(" and", by: &decoder).isEmpty)
        #expect(receive(" more", by: &decoder).isEmpty)
        #expect(receive(chatHeader + "two", by: &decoder) == [try chat("one and more")])
        #expect(decoder.giveUpWaiting() == [try chat("two")])
        #expect(!decoder.isWaiting)
        #expect(decoder.giveUpWaiting().isEmpty)
    }

    @Test("what comes after silence without a header continues the message before it")
    func continuation() throws {
        var decoder = UnframedResponseDecoder()
        _ = receive(chatHeader + "one", by: &decoder)
        #expect(decoder.giveUpWaiting() == [try chat("one")])
        #expect(receive(" and", by: &decoder).isEmpty)
        #expect(decoder.isWaiting)
        #expect(decoder.giveUpWaiting() == [try chat(" and")])
        #expect(receive(" more" + chatHeader + "two", by: &decoder) == [try chat(" more")])
        #expect(decoder.giveUpWaiting() == [try chat("two")])
        #expect(receive("ERR,T,Error: x", by: &decoder).isEmpty)
        #expect(decoder.giveUpWaiting() == [try response(.error("Error: x"))])
    }

    @Test("a header is found although silence cut it in two", arguments: Array(1...38))
    func silenceInHeader(_ cut: Int) throws {
        var decoder = UnframedResponseDecoder()
        _ = receive(chatHeader + "one", by: &decoder)
        let info = "INFO,\(Self.time);sender=ann,ann has"
        _ = receive(String(info.prefix(cut)), by: &decoder)
        _ = decoder.giveUpWaiting()
        #expect(
            receive(String(info.dropFirst(cut)) + "ERR,T,", by: &decoder) == [
                try response(.info(Info(sender: "ann", text: "ann has")))
            ]
        )
    }

    @Test("what follows a text in the same chunk, or behind a chunk that a network may cut, may be part of the text")
    func suspects() throws {
        var decoder = UnframedResponseDecoder()
        #expect(receive("CONVER,T,OKINFO,T;sender=ann,ann has joined", by: &decoder).count == 1)
        #expect(decoder.suspects == [])
        #expect(receive(chatHeader + "xERR,T,Error: noUSER,T;num=0;admin=0,", by: &decoder).count == 3)
        #expect(decoder.suspects == [2], "the ERR; the list is held")
        #expect(receive("ERR,T,Error: yes", by: &decoder).count == 1)
        #expect(decoder.suspects == [0])
        #expect(decoder.giveUpWaiting().count == 1)
        #expect(decoder.suspects == [], "a chunk of its own")
        let long = String(repeating: "x", count: Limits.unframedWholeBytes)
        _ = receive(chatHeader + long, by: &decoder)
        _ = decoder.giveUpWaiting()
        _ = receive("ERR,T,Error: no", by: &decoder)
        #expect(decoder.giveUpWaiting().count == 1)
        #expect(decoder.suspects == [0])
        _ = receive("ERR,T,Error: yes", by: &decoder)
        #expect(decoder.giveUpWaiting().count == 1)
        #expect(decoder.suspects == [])
    }

    @Test("a list of users cut by silence follows again as a whole")
    func continuedUsers() throws {
        var decoder = UnframedResponseDecoder()
        _ = receive("USER,T;num=1;admin=1;0=foo,", by: &decoder)
        #expect(decoder.giveUpWaiting().count == 1)
        _ = receive("bar;admin0=root,", by: &decoder)
        let whole = UserList(users: [.init(nickname: "foo,bar")], admins: ["root"])
        #expect(decoder.giveUpWaiting() == [try response(.users(whole))])
    }

    @Test("the verdict of a CONVER waits for all of it")
    func verdict() throws {
        var decoder = UnframedResponseDecoder()
        for part in ["CONVER,", "T,", "O"] {
            #expect(receive(part, by: &decoder).isEmpty)
            #expect(decoder.waitMilliseconds == Limits.unframedCompletionMilliseconds)
        }
        _ = receive("K", by: &decoder)
        #expect(decoder.waitMilliseconds == Limits.unframedQuietMilliseconds)
        for part in ["I", "N", "F", "O"] {
            #expect(receive(part, by: &decoder).isEmpty)
            #expect(decoder.waitMilliseconds == Limits.unframedCompletionMilliseconds)
        }
        #expect(receive(",T;sender=a,x", by: &decoder) == [try response(.login(.accepted(.none)))])
    }

    @Test("half a message waits longer, and is an error after that")
    func half() {
        var decoder = UnframedResponseDecoder()
        #expect(receive("CHATR,T;sender=ann", by: &decoder).isEmpty)
        #expect(decoder.waitMilliseconds == Limits.unframedCompletionMilliseconds)
        #expect(decoder.giveUpWaiting() == [.failure(MessageError(.incompleteHeader, at: 41))])
        #expect(!decoder.isWaiting)
    }

    @Test("half a character waits, and the text before it is not lost")
    func halfCharacter() throws {
        var decoder = UnframedResponseDecoder()
        _ = receive(chatHeader + "x", by: &decoder)
        _ = decoder.receive([0xE2, 0x9C].span)
        #expect(decoder.waitMilliseconds == Limits.unframedCompletionMilliseconds)
        #expect(decoder.giveUpWaiting() == [try chat("x")])
        #expect(!decoder.isWaiting)
        _ = decoder.receive([0x93].span)
        #expect(decoder.giveUpWaiting() == [try chat("✓")])
    }

    @Test(
        "what starts with no header is an error",
        arguments: ["SSH-2.0-OpenSSH_9.2\r\n", "hello", ",,", "INFO,a=b,c"]
    )
    func rubbish(_ text: String) throws {
        var decoder = UnframedResponseDecoder()
        #expect(receive(text, by: &decoder).isEmpty)
        #expect(decoder.waitMilliseconds == Limits.unframedCompletionMilliseconds)
        let results = decoder.giveUpWaiting()
        #expect(results.count == 1)
        #expect((try? results.first?.get()) == nil)
        _ = receive(chatHeader + "one", by: &decoder)
        #expect(decoder.giveUpWaiting() == [try chat("one")])
    }

    @Test("rubbish before a header is an error, and the message is read")
    func rubbishBefore() throws {
        var decoder = UnframedResponseDecoder()
        let results = receive("\r\n" + chatHeader + "one", by: &decoder) + decoder.giveUpWaiting()
        #expect(results == [.failure(MessageError(.invalidReason, at: 0)), try chat("one")])
    }

    @Test(
        "text that only resembles a header stays text",
        arguments: [
            "INFO", "INFO,", "see INFO, please", "INFO,,", "INFO,x=y,z", "INFO,T,no sender",
            "INFO,time=noon;sender=a,x",
            "info,T;sender=a,x", "CHATR,T;sender=a;rec=-ALL,no color", "CONFIRM,T;reason=CHAT,x", "USER,T;num=1,x",
            "USER,T;num=one;admin=2,x", "BOGUS,T,x", "ERR/,T,x", "ERR,time/=2026-11-22 12:04:05,x", "PING,T,x",
            "INFO;T;sender=a,x",
        ]
    )
    func resembling(_ text: String) throws {
        var decoder = UnframedResponseDecoder()
        #expect(receive(chatHeader + text, by: &decoder).isEmpty)
        let filled = text.replacing("T;", with: Self.time + ";").replacing("T,", with: Self.time + ",")
        #expect(decoder.giveUpWaiting() == [try chat(filled)])
    }

    @Test(
        "a header is found right behind any text",
        arguments: [
            "", "OK", "INFO", "INFO,", "INFO,x=y", "/", "INFO,time=/", "a,b,c", "CONFIRM,T;reason=UPDATE", "é",
            "ERR,USER",
        ]
    )
    func behind(_ text: String) throws {
        var decoder = UnframedResponseDecoder()
        let filled = text.replacing("T;", with: Self.time + ";")
        // A slash escapes the first letter of what follows, no more.
        #expect(receive(chatHeader + text + chatHeader + "x", by: &decoder) == [try chat(filled)])
        #expect(decoder.giveUpWaiting() == [try chat("x")])
    }

    @Test("both forms of the time start a message")
    func documentedTime() throws {
        var decoder = UnframedResponseDecoder()
        let results = receive("ERR,time=2026-11-22 12-04-05,aWARN,T,b", by: &decoder) + decoder.giveUpWaiting()
        #expect(results == [try response(.error("a")), try response(.warning("b"))])
    }

    @Test("with netstrings agreed the rest is theirs, however it arrives", arguments: 0...70)
    func agreement(_ cut: Int) throws {
        let text = "CONVER,\(Self.time);framing=netstring,OK"
        let bytes = Array("\(text)27:INFO,\(Self.time),".utf8)
        let index = min(cut, bytes.count)
        var decoder = UnframedResponseDecoder()
        var results = decoder.receive(Array(bytes[..<index]).span)
        results += decoder.receive(Array(bytes[index...]).span)
        #expect(results == [try response(.login(.accepted(.netstring)))])
        #expect(decoder.rest == Array(bytes.dropFirst(text.utf8.count)))
        #expect(!decoder.isWaiting)
        _ = decoder.receive([1, 2].span)
        #expect(decoder.rest?.suffix(2) == [1, 2])
        #expect(decoder.giveUpWaiting().isEmpty)
    }

    @Test("a refused login may be followed by one with netstrings")
    func secondLogin() throws {
        var decoder = UnframedResponseDecoder()
        _ = receive("CONVER,T,Error: User is already logged in", by: &decoder)
        #expect(decoder.giveUpWaiting() == [try response(.login(.refused("Error: User is already logged in")))])
        #expect(receive("CONVER,T;framing=netstring,OK", by: &decoder) == [try response(.login(.accepted(.netstring)))])
        #expect(decoder.rest == [])
    }

    @Test("after a login nobody's text can be taken for a CONVER", arguments: [true, false])
    func forgedLogin(_ isGlued: Bool) throws {
        var decoder = UnframedResponseDecoder()
        var results = receive("CONVER,T,OK", by: &decoder)
        if !isGlued { results += decoder.giveUpWaiting() }
        results += receive(chatHeader + "CONVER,T;framing=netstring,OK", by: &decoder)
        results += decoder.giveUpWaiting()
        #expect(decoder.rest == nil)
        #expect(results.count == 2)
        #expect(results.last == (try chat("CONVER,\(Self.time);framing=netstring,OK")))
    }

    @Test("a CONVER right behind an accepted one is not believed")
    func twoLogins() throws {
        var decoder = UnframedResponseDecoder()
        var results = receive("CONVER,T,OKCONVER,T;framing=netstring,OK", by: &decoder)
        results += decoder.giveUpWaiting()
        #expect(decoder.rest == nil)
        #expect(results.count == 1)
    }

    @Test("a text longer than may be held is handed out in parts")
    func longText() throws {
        var decoder = UnframedResponseDecoder(limit: 400)
        var results = receive(chatHeader, by: &decoder)
        let text = (0..<500).map { "\($0) " }.joined()
        for piece in TextSplitting.split(text, maximumBytes: 90) { results += receive(String(piece), by: &decoder) }
        results += receive(chatHeader + "two", by: &decoder) + decoder.giveUpWaiting()
        #expect(results.last == (try chat("two")))
        let texts = try results.dropLast().map { result -> String in
            guard case .chat(let message) = try result.get().body else { return "" }
            return message.text
        }
        #expect(texts.count > 3)
        #expect(texts.joined() == text)
    }

    @Test("a header without end is an error once it is too long, and the next message is read")
    func longHeader() throws {
        var decoder = UnframedResponseDecoder(limit: 400)
        let results = receive("INFO,T;sender=" + String(repeating: "x", count: 400), by: &decoder)
        #expect(results == [.failure(MessageError(.tooLong(400), at: 400))])
        _ = receive(chatHeader + "one", by: &decoder)
        #expect(decoder.giveUpWaiting() == [try chat("one")])
    }

    @Test("random bytes in random chunks never trap, and hold no more than the limit", arguments: UInt64(0)..<150)
    func neverTraps(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var decoder = UnframedResponseDecoder(limit: Int.random(in: 0...500, using: &generator))
        var bytes: [UInt8] = []
        for _ in 0..<20 {
            bytes += generator.bytes(Int.random(in: 0...80, using: &generator))
            if Bool.random(using: &generator) {
                bytes += Array(
                    ["INFO,", "USER,num=3;admin=9;0=,", "OK"].randomElement(using: &generator)?.utf8 ?? "".utf8
                )
                bytes += Array("\(Self.time);sender=a;rec=b;color=c;num=2;admin=1;0=a,b;1=c;admin0=d,x".utf8)
            }
        }
        for piece in generator.pieces(of: bytes, upTo: Int.random(in: 1...300, using: &generator)) {
            _ = decoder.receive(piece.span)
            if Int.random(in: 0...9, using: &generator) == 0 { _ = decoder.giveUpWaiting() }
        }
        _ = decoder.giveUpWaiting()
        #expect(!decoder.isWaiting)
    }
}
