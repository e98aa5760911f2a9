internal import ChatProtocol
internal import ChatSession
internal import Glibc
internal import Testing

@testable import ChatTUI

@Suite("Unconfirmed messages")
struct UnconfirmedMessagesTests {
    private static let lost = SessionUpdate.status(.waiting(reason: "lost", milliseconds: 1, attempt: 1))

    private func own(
        _ text: String,
        number: Int,
        to recipient: SafeRecipient = .everyone,
        _ delivery: TimelineEntry.Delivery = .pending
    ) -> TimelineEntry {
        TimelineEntry(
            id: TimelineEntry.ID(number),
            place: TimelineEntry.Place(epoch: .max, number: Int64(number)),
            time: Timestamp(unixMilliseconds: 0).wireTime,
            kind: .chat(sender: SafeText(line: "tester"), recipient: recipient, color: nil, isOwn: true),
            text: SafeText(block: text),
            delivery: delivery
        )
    }

    private func report(_ updates: SessionUpdate...) -> [String] {
        var messages = UnconfirmedMessages()
        for update in updates { messages.note(update) }
        return messages.report
    }

    @Test("what waits for a server that is away was not sent; the first ones are named, the others counted")
    func offline() {
        let bob = SafeRecipient.user(SafeText(line: "bob"))
        let first = own("for\nyou", number: 1, to: bob)
        #expect(report(Self.lost, .appended([first])) == ["1 message was not sent:", "  to bob: for you"])
        let more = (2...9).map { own("\($0) " + String(repeating: "é", count: 99), number: $0) }
        let lines = report(ProgramDriver.online, Self.lost, .appended([first]), .appended(more))
        #expect(lines.count == 7)
        #expect(lines.first == "9 messages were not sent:")
        #expect(lines.dropFirst(2).first == "  to everyone: 2 " + String(repeating: "é", count: 58) + "…")
        #expect(lines.last == "  and 4 more")
    }

    @Test("what turns out to be lost when the screen is gone is reported, as nobody has seen it")
    func lostInTheEnd() {
        var messages = UnconfirmedMessages()
        messages.note(ProgramDriver.online)
        messages.note(.appended([own("one", number: 1), own("two", number: 2), own("three", number: 3)]))
        messages.note(.changed(own("one", number: 1, .uncertain(SafeText(line: "lost")))))
        messages.note(.changed(own("two", number: 2, .uncertain(SafeText(line: "lost")))), isShown: false)
        messages.note(.changed(own("three", number: 3, .accepted)), isShown: false)
        #expect(
            messages.report == [
                "1 message was not confirmed by the server and may not have arrived:", "  to everyone: two",
            ]
        )
    }

    @Test("what was answered is no concern, and what may have been sent is called so")
    func online() {
        let one = own("one", number: 1)
        let two = own("two", number: 2)
        #expect(
            report(
                ProgramDriver.online,
                .appended([one, two]),
                .changed(own("one", number: 1, .accepted)),
                .changed(own("two", number: 2, .failed(SafeText(line: "no"))))
            ).isEmpty
        )
        let doubt = "2 messages were not confirmed by the server and may not have arrived:"
        #expect(report(ProgramDriver.online, .appended([one, two])).first == doubt)
        #expect(report(Self.lost, .appended([one, two]), ProgramDriver.online, Self.lost).first == doubt)
    }

    @Test("what came in with the end, and after it, counts, also at a signal", arguments: [SIGTERM, SIGHUP, SIGINT])
    func lastUpdates(signal: Int32) throws {
        let driver = try ProgramDriver()
        driver.inbox.post([Self.lost, .appended([own("one", number: 1), own("two", number: 2)])])
        driver.signal(signal)
        #expect(!driver.step())
        driver.inbox.post([.changed(own("one", number: 1, .accepted)), .appended([own("three", number: 3)])])
        driver.program.noteLastUpdates()
        #expect(
            driver.program.unconfirmed.report
                == ["2 messages were not sent:", "  to everyone: two", "  to everyone: three"]
        )
    }
}
