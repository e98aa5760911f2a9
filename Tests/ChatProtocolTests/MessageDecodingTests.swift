internal import ChatProtocol
internal import ChatTestSupport
internal import Testing

@Suite("Message decoding")
struct MessageDecodingTests {
    struct Complete: Sendable {
        var bytes: String
        var reason: String
        var pairs: [[String]]
        var content: String

        init(_ bytes: String, _ reason: String, _ pairs: [[String]], _ content: String) {
            self.bytes = bytes
            self.reason = reason
            self.pairs = pairs
            self.content = content
        }
    }

    @Test(
        "whole messages are read",
        arguments: [
            Complete("DISCON,,", "DISCON", [], ""),
            Complete("CHAT,rec=-ALL,hi", "CHAT", [["rec", "-ALL"]], "hi"),
            Complete(
                "CON,nickname=ann;password=;color=#FFF,",
                "CON",
                [["nickname", "ann"], ["password", ""], ["color", "#FFF"]],
                ""
            ),
            // Content is verbatim.
            Complete("CHAT,rec=a,x, y; z=w/ //,", "CHAT", [["rec", "a"]], "x, y; z=w/ //,"),
            Complete("CHAT,,a\nb\u{0}", "CHAT", [], "a\nb\u{0}"),
            Complete("CHAT,,é✓👩‍👩‍👧", "CHAT", [], "é✓👩‍👩‍👧"),
            // Escapes.
            Complete("A,nickname=foo/,bar,", "A", [["nickname", "foo,bar"]], ""),
            Complete("A,nickname=foo//bar,", "A", [["nickname", "foo/bar"]], ""),
            Complete("A,k/=e/;y=v/=a/;l,", "A", [["k=e;y", "v=a;l"]], ""),
            Complete("A,k=/a/b//c,", "A", [["k", "ab/c"]], ""),
            Complete("A,k=/é/日,", "A", [["k", "é日"]], ""),
            Complete("A,k=x//,y", "A", [["k", "x/"]], "y"),
            Complete("A,k=x///,y,z", "A", [["k", "x/,y"]], "z"),
            // An equals sign in a value needs no escape to be understood.
            Complete("A,k=a=b=c,", "A", [["k", "a=b=c"]], ""),
            Complete("A,=v;k=,", "A", [["", "v"], ["k", ""]], ""),
            // Empty parameters are skipped.
            Complete("A,a=b;;c=d;,x", "A", [["a", "b"], ["c", "d"]], "x"),
            Complete("A,;;;,x", "A", [], "x"),
            Complete("abcXYZ,,", "abcXYZ", [], ""),
        ]
    )
    func complete(_ row: Complete) throws {
        let message = try Message(text: row.bytes)
        #expect(message.reason == row.reason)
        #expect(message.parameters.pairs.map { [$0.key, $0.value] } == row.pairs)
        #expect(message.content == row.content)
    }

    @Test("every beginning of a message that stops in its header is incomplete")
    func incompleteHeader() {
        let header = "CHAT,rec=foo/,bar;x=é,"
        for count in 0..<header.utf8.count {
            let error = fault { () throws(MessageError) in try Message(bytes: Array(header.utf8.prefix(count))) }
            #expect(error?.isIncomplete == true, "\(count)")
            #expect([count, count - 1].contains(error?.offset), "\(count)")
        }
    }

    typealias Fault = (text: String, code: MessageError.Code, offset: Int)

    @Test(
        "what more bytes could complete says what is missing",
        arguments: [
            ("", .incompleteHeader, 0),
            ("CHAT", .incompleteHeader, 4),
            ("CHAT,rec=a;b", .incompleteHeader, 12),
            ("CHAT,rec=a/", .danglingEscape, 11),
            ("CHAT,rec=a/,", .incompleteHeader, 12),
            ("CHAT,rec=a//", .incompleteHeader, 12),
        ] as [Fault]
    )
    func incomplete(_ text: String, _ code: MessageError.Code, _ offset: Int) {
        #expect(fault { () throws(MessageError) in try Message(text: text) } == MessageError(code, at: offset))
    }

    @Test(
        "bytes that no more bytes can make a message say what is wrong and where",
        arguments: [
            (",,", .invalidReason, 0),
            ("CH4T,,", .invalidReason, 2),
            ("CHAT ,,", .invalidReason, 4),
            ("é,,", .invalidReason, 0),
            ("9", .invalidReason, 0),
            ("\n", .invalidReason, 0),
            ("ABCDEFGHIJKLMNOPQ", .invalidReason, 16),
            ("CHAT,rec,", .parameterWithoutValue, 5),
            ("CHAT,a=b;rec;", .parameterWithoutValue, 9),
            ("CHAT,a=b;re/=c,", .parameterWithoutValue, 9),
        ] as [Fault]
    )
    func malformed(_ text: String, _ code: MessageError.Code, _ offset: Int) {
        let error = fault { () throws(MessageError) in try Message(text: text) }
        #expect(error == MessageError(code, at: offset))
        #expect(error?.isIncomplete == false)
    }

    struct BrokenCharacter: Sendable {
        var bytes: [UInt8]
        var error: MessageError

        init(_ before: String, _ broken: [UInt8], _ after: String, _ code: MessageError.Code, at offset: Int) {
            bytes = Array(before.utf8)
            bytes += broken
            bytes += Array(after.utf8)
            error = MessageError(code, at: offset)
        }
    }

    @Test(
        "a character that is cut off at the end is told from bytes that are not UTF-8",
        arguments: [
            BrokenCharacter("A,,", [0xC3], "", .incompleteCharacter, at: 3),
            BrokenCharacter("A,,x", [0xE2, 0x9C], "", .incompleteCharacter, at: 4),
            BrokenCharacter("A,,", [0xF0, 0x9F, 0x99], "", .incompleteCharacter, at: 3),
            BrokenCharacter("A,k=", [0xC3], "", .incompleteCharacter, at: 4),
            BrokenCharacter("A,,", [0xFF], "", .invalidUTF8, at: 3),
            BrokenCharacter("A,,", [0xC3], "A", .invalidUTF8, at: 3),
            BrokenCharacter("A,,", [0xE2, 0x9C, 0x41, 0xC3], "", .invalidUTF8, at: 3),
            BrokenCharacter("A,,", [0x80], "", .invalidUTF8, at: 3),
            BrokenCharacter("A,,", [0xC0, 0x80], "", .invalidUTF8, at: 3),
            BrokenCharacter("A,,", [0xED, 0xA0, 0x80], "", .invalidUTF8, at: 3),
            BrokenCharacter("A,,", [0xF4, 0x90, 0x80, 0x80], "", .invalidUTF8, at: 3),
            BrokenCharacter("A,k=", [0xC3], ",x", .invalidUTF8, at: 4),
            BrokenCharacter("A,k=", [0xC3, 0x2F, 0xA9], ",x", .invalidUTF8, at: 4),
            BrokenCharacter("A,", [0xFF], "=v,x", .invalidUTF8, at: 2),
            BrokenCharacter("A,k=v;", [0xFF], "", .invalidUTF8, at: 6),
        ]
    )
    func characters(_ row: BrokenCharacter) {
        #expect(fault { () throws(MessageError) in try Message(bytes: row.bytes) } == row.error)
    }

    @Test("of a repeated key the last one wins")
    func repeatedKey() throws {
        let message = try Message(text: "A,k=1;l=2;k=3,")
        #expect(message.parameters["k"] == "3")
        #expect(message.parameters["l"] == "2")
        #expect(message.parameters["m"] == nil)
        #expect(message.parameters.pairs.count == 3)
    }

    @Test("more parameters than the limit are refused")
    func parameterLimit() throws {
        let most = String(repeating: "a=b;", count: Limits.parameters)
        #expect(try Message(text: "A,\(most),").parameters.pairs.count == Limits.parameters)
        let error = fault { () throws(MessageError) in try Message(text: "A,\(most)a=b,") }
        #expect(error?.code == .tooManyParameters)
    }

    @Test("what is encoded is decoded to the same", arguments: UInt64(0)..<200)
    func roundTrip(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var message = Message(reason: "CHAT", content: generator.text(upTo: 20))
        for _ in 0..<Int.random(in: 0...5, using: &generator) {
            let pair = Parameters.Pair(key: generator.text(upTo: 6), value: generator.text(upTo: 12))
            message.parameters.pairs.append(pair)
        }
        let decoded = try Message(text: message.text)
        #expect(decoded == message)
        #expect(Array(decoded.content.utf8) == Array(message.content.utf8))
    }

    @Test("every error has words for a peer")
    func words() {
        let codes: [MessageError.Code] = [
            .incompleteHeader, .incompleteCharacter, .danglingEscape, .invalidUTF8, .invalidReason,
            .parameterWithoutValue,
            .tooManyParameters, .tooLong(7), .unknownReason("BOGUS"), .invalidParameter("time"),
        ]
        let words = codes.map { MessageError($0, at: 3).description }
        #expect(Set(words).count == codes.count)
        #expect(words.allSatisfy { $0.hasSuffix(".") && SafeText(line: $0).text == $0 })
    }
}
