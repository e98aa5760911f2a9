internal import ChatProtocol
internal import ChatTestSupport
internal import Foundation
internal import Testing

/// What docs/PROTOCOL.md shows is what the codec reads and writes.
@Suite("Documented transcripts")
struct DocumentedTranscriptTests {
    static let document: String = {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return (try? String(contentsOf: root.appending(path: "docs/PROTOCOL.md"), encoding: .utf8)) ?? ""
    }()

    static func lines(_ speaker: String) -> [String] {
        document.split(separator: "\n").filter { $0.hasPrefix("    \(speaker): ") }.map { String($0.dropFirst(7)) }
    }

    @Test("there are transcripts")
    func present() {
        #expect(Self.lines("C").count > 8)
        #expect(Self.lines("S").count > 15)
    }

    @Test("each request is one that is written like this", arguments: lines("C"))
    func request(_ line: String) throws {
        #expect(try Request(text: line).text(.netstring) == line)
    }

    @Test("each response is one that is written like this", arguments: lines("S"))
    func response(_ line: String) throws {
        var text = line
        if let first = line.utf8.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) {
            let bytes = Array(line.utf8)
            let scan = try Netstring.scan(bytes.span, limit: Limits.framedResponseBytes)
            guard case .frame(let payload, let end) = scan else {
                Issue.record("not a netstring")
                return
            }
            #expect(end == bytes.count)
            text = String(decoding: bytes[payload], as: UTF8.self)
        }
        var decoder = UnframedResponseDecoder()
        let results = decoder.receive(Array(text.utf8).span) + decoder.giveUpWaiting()
        let responses = try results.map { try $0.get() }
        #expect(!responses.isEmpty)
        guard !text.contains(/\d\d:\d\d:\d\d/), let response = responses.first else { return }
        #expect(response.text(response.at == nil ? .none : .netstring) == text)
    }

    @Test("each limit that is named with its number has that number")
    func limits() {
        let numbers = [
            (Limits.unframedMessageBytes, "2,048 bytes"), (Limits.unframedConnectBytes, "1,024"),
            (Limits.unframedTextBytes, "1,100 bytes"), (Limits.unframedPacingMilliseconds, "50 ms"),
            (Limits.unframedRequestBytes, "17,408 bytes"),
            (Limits.framedRequestBytes, "65,536 bytes"), (Limits.framedResponseBytes, "4,194,304"),
            (Limits.chatTextBytes, "16,384 bytes"), (Limits.passwordBytes, "256 bytes"),
            (Limits.nonceBytes, "64 bytes"),
            (Limits.parameters, "100,000 parameters"), (Limits.nicknameScalars, "48 code points"),
            (Limits.unframedHistoryCount, "last 21"), (Limits.framedHistoryCount, "last 100 messages"),
            (Limits.framedHistoryMaximum, "1,000"), (Limits.unframedQuietMilliseconds, "40 ms"),
            (Limits.pingAnswerMilliseconds / 1000, "90 s"), (Limits.unframedCompletionMilliseconds / 1000, "2 s"),
            (Limits.reasonLetters, "longer than 16"), (Limits.defaultPort, "6666"),
            (Limits.netstringLengthDigits, "more than 7"),
        ]
        let text = Self.document.replacing("\n", with: " ")
        for (limit, words) in numbers {
            #expect(words.filter(\.isWholeNumber) == String(limit), "\(words)")
            #expect(text.contains(words), "\(words)")
        }
    }
}
