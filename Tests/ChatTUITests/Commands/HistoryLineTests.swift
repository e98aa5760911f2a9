internal import ArgumentParser
internal import ChatProtocol
internal import ChatServerCore
internal import Testing

@testable import ChatTUI

@Suite("A record of the history as a line")
struct HistoryLineTests {
    private static func chat(
        _ text: String,
        from sender: String = "ann",
        to recipient: Recipient = .everyone
    ) -> HistoryRecord {
        let message = ChatMessage(id: MessageID(7), sender: sender, recipient: recipient, color: "#FFF", text: text)
        return HistoryRecord(
            id: MessageID(7),
            moment: Timestamp(unixMilliseconds: 1_767_225_599_999, utcOffsetSeconds: 3600),
            visibility: recipient == .everyone
                ? .everyone : .between(.account(AccountID(1)), .account(AccountID(2))),
            nonce: Nonce(owner: .account(AccountID(1)), tag: "n"),
            content: .chat(message)
        )
    }

    private static func info(_ event: Info.Event?, _ text: String = "so it is") -> HistoryRecord {
        HistoryRecord(
            id: MessageID(8),
            moment: Timestamp(unixMilliseconds: 0),
            visibility: .everyone,
            content: .info(Info(id: MessageID(8), sender: "ann", event: event, text: text))
        )
    }

    @Test(
        "for people: one line, safe to show",
        arguments: [
            (chat("hello"), "2025-12-31 23:59:59Z <ann> hello"),
            (chat("psst", to: .user("bob")), "2025-12-31 23:59:59Z <ann -> bob> psst"),
            (chat("two\nlines"), "2025-12-31 23:59:59Z <ann> two lines"),
            (info(.leave, "ann has left"), "1970-01-01 00:00:00Z * ann has left"),
        ]
    )
    func text(record: HistoryRecord, line: String) throws {
        #expect(HistoryLine.text(record, times: try TimeOptions.parse(["--utc"])) == line)
    }

    @Test(
        "an offset from UTC is written where there is one",
        arguments: [(3600, "2026-01-01T00:59:59+01:00"), (-12_600, "2025-12-31T20:29:59-03:30")] as [(Int32, String)]
    )
    func offset(seconds: Int32, text: String) {
        let moment = Timestamp(unixMilliseconds: 1_767_225_599_999, utcOffsetSeconds: seconds)
        #expect(WrittenTime.iso8601(moment) == text)
    }

    @Test("nothing that was said reaches the terminal as a command")
    func safe() throws {
        let times = try TimeOptions.parse([])
        let evil = "\u{1B}]0;title\u{7}\u{9B}31m\u{202E}\r\n"
        for record in [Self.chat(evil, from: evil, to: .user(evil)), Self.info(.kick(user: evil), evil)] {
            for line in [HistoryLine.text(record, times: times), HistoryLine.json(record, times: times)] {
                #expect(line.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control })
                #expect(!line.unicodeScalars.contains("\u{202E}"))
            }
        }
    }

    private static let objects: [(HistoryRecord, [String])] = [
        (
            chat("a \"b\" \\ c\n\t\u{1B}é👩‍👧"),
            [
                ##""id":7,"at":1767225599999,"time":"2025-12-31T23:59:59Z""##,
                ##""kind":"message","sender":"ann","color":"#FFF","text":"a \"b\" \\ c\n\t\u001bé👩\u200d👧""##,
            ]
        ),
        (
            chat("psst", to: .user("bob")),
            [
                ##""id":7,"at":1767225599999,"time":"2025-12-31T23:59:59Z""##,
                ##""kind":"private","sender":"ann","recipient":"bob","color":"#FFF","text":"psst""##,
            ]
        ),
        (
            info(.join(color: "#FFF", isAdmin: true)),
            [beginning, ##""sender":"ann","event":"join","color":"#FFF","admin":true,"text":"so it is""##]
        ),
        (
            info(.kick(user: "bob")),
            [beginning, ##""sender":"ann","event":"kick","user":"bob","text":"so it is""##]
        ),
        (
            info(.update(previous: "an", color: "#123", isAdmin: false)),
            [
                beginning, ##""sender":"ann","event":"update","previous":"an","color":"#123""##,
                ##""admin":false,"text":"so it is""##,
            ]
        ),
        (info(nil), [beginning, ##""sender":"ann","text":"so it is""##]),
    ]

    private static let beginning = ##""id":8,"at":0,"time":"1970-01-01T00:00:00Z","kind":"info""##

    @Test("for programs: one JSON object", arguments: objects)
    func json(record: HistoryRecord, members: [String]) throws {
        #expect(
            HistoryLine.json(record, times: try TimeOptions.parse(["--utc"])) == "{" + members.joined(separator: ",")
                + "}"
        )
    }
}
