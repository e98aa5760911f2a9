internal import ChatProtocol
internal import ChatTestSupport
internal import Testing

/// Every byte that the original server wrote, read by our client.
@Suite("Recorded responses")
struct RecordedResponseTests {
    static let rows = Recording.allRows(.server)

    /// The messages of a recording, told apart without the decoder: each starts
    /// with a reason and the time.
    static func messages(_ text: String) -> [String] {
        let header = /(CONVER|CHATR|CONFIRM|INFO|ERR|WARN|USER),time=\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[;,]/
        let starts = text.ranges(of: header).map(\.lowerBound) + [text.endIndex]
        return zip(starts, starts.dropFirst()).map { String(text[$0..<$1]) }
    }

    /// What a message says, read without the decoder where the original does
    /// not escape.
    static func response(_ text: String) throws -> Response {
        var response = try Response(text: text)
        guard text.hasPrefix("USER") else { return response }
        let users = text.matches(of: /;\d+=(.*?)(?=;\d+=|;admin0=)/).map { UserList.Entry(nickname: String($0.1)) }
        let admins = text.matches(of: /;admin\d+=(.*?)(?=;admin\d+=|,$)/).map { String($0.1) }
        response.body = .users(UserList(users: users, admins: admins))
        return response
    }

    static func decode(_ pieces: [[UInt8]]) -> [Result<Response, MessageError>] {
        var decoder = UnframedResponseDecoder()
        var results: [Result<Response, MessageError>] = []
        for piece in pieces { results += decoder.receive(piece.span) }
        return results + decoder.giveUpWaiting()
    }

    static func expected(_ text: String) throws -> [Result<Response, MessageError>] {
        try messages(text).map { .success(try response($0)) }
    }

    @Test("the recordings are there")
    func recorded() throws {
        #expect(try Recording.originalServer().rows(.server).count > 80)
        #expect(try Recording.originalClient().rows(.server).count > 10)
        #expect(Self.rows.allSatisfy { !Self.messages($0.text).isEmpty })
        #expect(Self.rows.contains { Self.messages($0.text).count == 2 })
    }

    @Test("each row is read", arguments: rows)
    func whole(_ row: Recording.Row) throws {
        #expect(Self.decode([Array(row.text.utf8)]) == (try Self.expected(row.text)))
    }

    @Test("each row is read however it is cut in two", arguments: rows)
    func cutInTwo(_ row: Recording.Row) throws {
        let bytes = Array(row.text.utf8)
        let expected = try Self.expected(row.text)
        for cut in 0...bytes.count {
            #expect(Self.decode([Array(bytes[..<cut]), Array(bytes[cut...])]) == expected, "\(cut)")
        }
    }

    @Test("each row is read byte by byte", arguments: rows)
    func byteByByte(_ row: Recording.Row) throws {
        #expect(Self.decode(row.text.utf8.map { [$0] }) == (try Self.expected(row.text)))
    }

    @Test("each row is read together with the next, however the two are cut", arguments: rows.indices.dropLast())
    func gluedInPairs(_ index: Int) throws {
        let text = Self.rows[index].text + Self.rows[index + 1].text
        // A CONVER after a login is nothing that a server sends on one connection.
        guard !Self.rows[index + 1].text.hasPrefix("CONVER") else { return }
        let bytes = Array(text.utf8)
        let expected = try Self.expected(text)
        for cut in 0...bytes.count {
            #expect(Self.decode([Array(bytes[..<cut]), Array(bytes[cut...])]) == expected, "\(cut)")
        }
    }

    @Test("all that a peer was sent is read, however it arrives", arguments: ["a", "b", "c", "g1"], UInt64(0)..<25)
    func glued(_ peer: String, _ seed: UInt64) throws {
        let recording = peer == "g1" ? try Recording.originalClient() : try Recording.originalServer()
        let text = recording.rows(.server, peer: peer).map(\.text).joined()
        var generator = SeededGenerator(seed: seed)
        let longest = [1, 2, 10, 100, 2048, 100_000].randomElement(using: &generator) ?? 1
        let pieces = generator.pieces(of: Array(text.utf8), upTo: longest)
        #expect(Self.decode(pieces) == (try Self.expected(text)))
    }

    @Test("silence anywhere loses no message and no text", arguments: rows)
    func silence(_ row: Recording.Row) throws {
        let bytes = Array(row.text.utf8)
        let expected = try Self.messages(row.text).map(Self.response)
        for cut in 1..<bytes.count {
            var decoder = UnframedResponseDecoder()
            var results = decoder.receive(Array(bytes[..<cut]).span)
            // What visibly is not complete waits longer than bytes of one write
            // are ever apart.
            if decoder.waitMilliseconds == Limits.unframedQuietMilliseconds { results += decoder.giveUpWaiting() }
            results += decoder.receive(Array(bytes[cut...]).span)
            results += decoder.giveUpWaiting()

            let responses = try results.map { try $0.get() }
            let headers = responses.map(\.header)
            #expect(Set(headers) == Set(expected.map(\.header)), "\(cut)")
            for header in Set(headers) {
                let texts = responses.filter { $0.header == header }.map(\.shownText)
                let whole = expected.filter { $0.header == header }.map(\.shownText).joined()
                switch header.first {
                case "CONVER", "CONFIRM": #expect(whole.hasPrefix(texts.joined()) && !texts.joined().isEmpty, "\(cut)")
                case "USER": #expect(texts.last == whole, "\(cut)")
                // The first letters of a header can't be told from text until
                // the rest comes.
                default: #expect(texts.joined().hasPrefix(whole) && texts.joined().count < whole.count + 8, "\(cut)")
                }
            }
        }
    }
}

extension Response {
    /// What tells the messages of the recordings apart.
    fileprivate var header: [String] {
        guard let message = try? Message(text: text(.none)) else { return [] }
        return [message.reason, message.parameters["sender"] ?? "", message.parameters["time"] ?? ""]
    }

    fileprivate var shownText: String {
        guard case .users(let list) = body else { return (try? Message(text: text(.none)))?.content ?? "" }
        return list.users.map(\.nickname).joined(separator: "|") + "||" + list.admins.joined(separator: "|")
    }
}
