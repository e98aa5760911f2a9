internal import ChatProtocol
internal import ChatTestSupport
internal import NIOCore
internal import Testing

@testable internal import ChatServer

@Suite("Request stream")
struct RequestStreamTests {
    private typealias Incoming = RequestStream.Incoming

    private static let conversation = [
        "CHAT,rec=-ALL,hello, world", "CHAT,rec=a//b/,c;nonce=x,héllo 👩‍👩‍👧", "REF,since=3;limit=5,", "USER,,",
        "PING,,are you there?", "UPDATE,color=#FFF,", "BOGUS,a=b,hi", "CHAT,rec,no equals", "",
        "KICK,user=bob,why, why",
        "DISCON,,",
    ]

    private static func framed(_ messages: [String]) -> [UInt8] {
        var bytes: [UInt8] = []
        for message in messages { Netstring.encode(Array(message.utf8), into: &bytes) }
        return bytes
    }

    private func makeStream(framed: Bool) -> RequestStream {
        var stream = RequestStream(bytesBeforeLogin: 32_768)
        if framed { stream.beginFraming() }
        return stream
    }

    private func receive(_ chunks: [[UInt8]], in stream: inout RequestStream) throws -> [Incoming] {
        var all: [Incoming] = []
        for chunk in chunks {
            try stream.receive(ByteBuffer(bytes: chunk), arrival: .prompt) { incoming in
                all.append(incoming)
                return .more
            }
        }
        return all
    }

    private func whole() throws -> [Incoming] {
        var stream = makeStream(framed: true)
        return try receive([Self.framed(Self.conversation)], in: &stream)
    }

    @Test("reads requests from netstrings, and goes on after one that is none")
    func framed() throws {
        let all = try whole()
        #expect(all.count == Self.conversation.count)
        #expect(try all[0].get() == .chat(ChatRequest(recipient: .everyone, text: "hello, world")))
        #expect(all[6] == .failure(MessageError(.unknownReason("BOGUS"), at: 0)))
        #expect(throws: MessageError.self) { try all[7].get() }
        #expect(throws: MessageError.self) { try all[8].get() }
        #expect(try all[10].get() == .disconnect)
    }

    @Test("reads the same whatever the chunks", arguments: [1, 2, 3, 7, 64])
    func chunks(size: Int) throws {
        let bytes = Self.framed(Self.conversation)
        let chunks = stride(from: 0, to: bytes.count, by: size).map { Array(bytes[$0..<min($0 + size, bytes.count)]) }
        var stream = makeStream(framed: true)
        #expect(try receive(chunks, in: &stream) == whole())
    }

    @Test("reads the same under every cut into two")
    func cuts() throws {
        let bytes = Self.framed(Self.conversation)
        let expected = try whole()
        for cut in bytes.indices {
            var stream = makeStream(framed: true)
            #expect(try receive([Array(bytes[..<cut]), Array(bytes[cut...])], in: &stream) == expected)
        }
    }

    @Test("reads the same with a pause after any request, and under random cuts", arguments: 0..<20)
    func pauses(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let bytes = Self.framed(Self.conversation)
        var stream = makeStream(framed: true)
        var all: [Incoming] = []
        var start = 0
        let deliver: (Incoming) -> RequestStream.FlowControl = { incoming in
            all.append(incoming)
            return Bool.random(using: &generator) ? .pause : .more
        }
        while start < bytes.count {
            let end = min(bytes.count, start + 1 + start % 37)
            try stream.receive(ByteBuffer(bytes: bytes[start..<end]), arrival: .prompt, deliver: deliver)
            start = end
        }
        while stream.isPaused { try stream.resume(deliver: deliver) }
        #expect(all == (try whole()))
    }

    @Test("delivers nothing while paused")
    func pause() throws {
        for isFramed in [false, true] {
            var stream = makeStream(framed: isFramed)
            let bytes = isFramed ? Self.framed(["USER,,", "REF,,"]) : Array("USER,,REF,,".utf8)
            var count = 0
            let deliver: (Incoming) -> RequestStream.FlowControl = { _ in
                count += 1
                return .pause
            }
            try stream.receive(ByteBuffer(bytes: bytes), arrival: .prompt, deliver: deliver)
            try stream.receive(ByteBuffer(bytes: bytes), arrival: .prompt, deliver: deliver)
            #expect(count == 1)
            for expected in 2...4 {
                try stream.resume(deliver: deliver)
                #expect(count == expected)
            }
        }
    }

    @Test(
        "a stream out of step is a fault, whatever came before it",
        arguments: [
            ("x", FramingError.missingLength), (":", .missingLength), ("01:a,", .invalidLength),
            ("1x:", .invalidLength),
            ("12345678:", .invalidLength), ("65537:", .tooLong(65_537)), ("9999999:", .tooLong(9_999_999)),
            ("6:USER,,x", .missingComma),
        ]
    )
    func outOfStep(bytes: String, error: FramingError) throws {
        var stream = makeStream(framed: true)
        var count = 0
        #expect(throws: StreamFault.framing(error)) {
            let chunk = ByteBuffer(string: "6:USER,,," + bytes)
            try stream.receive(chunk, arrival: .prompt) { _ in
                count += 1
                return .more
            }
        }
        #expect(count == 1)
    }

    @Test("waits for the rest of an unframed request, and then no longer")
    func waiting() throws {
        var stream = makeStream(framed: false)
        #expect(try receive([Array("CHAT,rec=-A".utf8)], in: &stream).isEmpty)
        #expect(stream.isWaiting)
        #expect(try receive([Array("LL,hi".utf8)], in: &stream).count == 1)
        #expect(!stream.isWaiting)
        _ = try receive([Array("CON,nick".utf8)], in: &stream)
        var given: [Incoming] = []
        stream.giveUpWaiting { incoming in
            given.append(incoming)
            return .more
        }
        #expect(given.count == 1)
        #expect(throws: MessageError.self) { try given[0].get() }
        #expect(!stream.isWaiting)
    }

    @Test("goes over to netstrings with the next byte, whatever waited")
    func goingOver() throws {
        var stream = makeStream(framed: false)
        let login = try receive([Array("CON,nickname=ann;password=;color=#FFF;framing=netstring,".utf8)], in: &stream)
        #expect(login.count == 1)
        _ = try receive([Array("CHAT,re".utf8)], in: &stream)
        stream.beginFraming()
        #expect(try receive([Self.framed(["USER,,"])], in: &stream) == [.success(.users)])
    }

    @Test(
        "what is no chat client is recognised by its first bytes",
        arguments: [
            ("GET / HTTP/1.1\r\n", ForeignProtocol.http), ("POST /x HTTP/1.1\r\n", .http),
            ("CONNECT a:1 HTTP/1.1", .http),
            ("\u{16}\u{3}\u{1}", .tls), ("\u{0}", .binary), ("é", .binary),
        ]
    )
    func foreign(bytes: String, expected: ForeignProtocol) throws {
        var stream = makeStream(framed: false)
        #expect(throws: StreamFault.foreign(expected)) { try receive([Array(bytes.utf8)], in: &stream) }
    }

    @Test("an HTTP verb is recognised under every cut, and nothing is answered before")
    func foreignInPieces() throws {
        for verb in ["GET", "OPTIONS", "CONNECT"] {
            let bytes = Array("\(verb) /x HTTP/1.1\r\n".utf8)
            for cut in 1...verb.utf8.count {
                var stream = makeStream(framed: false)
                #expect(try receive([Array(bytes[..<cut])], in: &stream).isEmpty)
                #expect(throws: StreamFault.foreign(.http)) { try receive([Array(bytes[cut...])], in: &stream) }
            }
            var stream = makeStream(framed: false)
            #expect(throws: StreamFault.foreign(.http)) { try receive(bytes.map { [$0] }, in: &stream) }
        }
    }

    @Test("what looks like a verb later on is somebody's text")
    func verbLater() throws {
        var stream = makeStream(framed: false)
        let requests = try receive(["CHAT,rec=-ALL,", "GET / HTTP/1.1", "USER,,"].map { Array($0.utf8) }, in: &stream)
        #expect(try requests.first?.get() == .chat(ChatRequest(recipient: .everyone, text: "")))
        #expect(try requests.last?.get() == .users)
    }

    @Test(
        "what may be a chat client is answered",
        arguments: ["hello", "GETS,,", "CON", "con,,", " CON,,", "5:USER,,,"]
    )
    func notForeign(bytes: String) throws {
        var stream = makeStream(framed: false)
        _ = try receive([Array(bytes.utf8)], in: &stream)
    }

    @Test("takes a bounded number of bytes before the login")
    func probation() throws {
        var stream = RequestStream(bytesBeforeLogin: 100)
        let refused = Array("CON,nickname=x,".utf8)
        for _ in 0..<6 { _ = try receive([refused], in: &stream) }
        #expect(throws: StreamFault.tooMuchBeforeLogin) { try receive([refused], in: &stream) }
        var other = RequestStream(bytesBeforeLogin: 100)
        _ = try receive([refused], in: &other)
        other.endProbation()
        for _ in 0..<60 { _ = try receive([Array("CHAT,rec=-ALL,x".utf8)], in: &other) }
    }

    @Test("random bytes never trap", arguments: [false, true])
    func randomBytes(isFramed: Bool) {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<300 {
            var stream = makeStream(framed: isFramed)
            for _ in 0..<5 {
                let alphabet = Array("0123456789:,;=/CONCHATREF\u{0}é👩".utf8)
                let chunk = (0..<Int.random(in: 1...80, using: &generator)).map { _ in
                    Bool.random(using: &generator)
                        ? alphabet[Int.random(in: alphabet.indices, using: &generator)]
                        : UInt8.random(in: 0...255, using: &generator)
                }
                do { _ = try receive([chunk], in: &stream) } catch { break }
            }
        }
    }
}
