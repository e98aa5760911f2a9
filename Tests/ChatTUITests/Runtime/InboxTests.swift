internal import ChatProtocol
internal import ChatSession
internal import Dispatch
internal import Glibc
internal import Testing

@testable import ChatTUI

@Suite("Inbox")
struct InboxTests {
    private let inbox: Inbox

    init() throws {
        inbox = try Inbox()
    }

    private var isWoken: Bool {
        PollWaiting().wait(input: -1, pipe: inbox.readDescriptor, milliseconds: 0).isWoken
    }

    private func entry(_ number: Int) -> TimelineEntry {
        TimelineEntry(
            id: TimelineEntry.ID(number),
            place: TimelineEntry.Place(epoch: 0, number: Int64(number)),
            time: Timestamp(unixMilliseconds: 0).wireTime,
            kind: .warning,
            text: SafeText(line: "x")
        )
    }

    @Test("hands over what came in, in order, once")
    func order() {
        inbox.post([.appended([entry(1)])])
        inbox.post([.olderHistory(available: true), .appended([entry(2)])])
        let all: [SessionUpdate] = [.appended([entry(1)]), .olderHistory(available: true), .appended([entry(2)])]
        #expect(inbox.take().updates == all)
        #expect(inbox.take().updates.isEmpty)
    }

    @Test("wakes once, however much is posted, and again after that was seen")
    func wake() {
        for _ in 0..<3 {
            #expect(!isWoken)
            for number in 1...1000 { inbox.post([.olderHistory(available: number % 2 == 0)]) }
            #expect(isWoken)
            let taken = inbox.take()
            #expect(taken.signals.isEmpty)
            #expect(taken.updates.count == 1000)
        }
    }

    @Test("signals come out in order, and wake-ups leave no trace among them")
    func signals() {
        inbox.post([.olderHistory(available: true)])
        for signal in [SIGWINCH, SIGTSTP, SIGCONT] {
            var byte = UInt8(signal)
            #expect(write(inbox.writeDescriptor, &byte, 1) == 1)
        }
        #expect(inbox.take().signals == [SIGWINCH, SIGTSTP, SIGCONT])
    }

    @Test("no wake-up is lost, however the writing falls between the reading")
    func nothingIsLost() throws {
        let inbox = inbox
        let goal = 200_000
        DispatchQueue.global().async {
            for _ in 0..<goal { inbox.post([.notice(SafeText(line: "news"), isFailure: false)]) }
        }
        var taken = 0
        while taken < goal {
            // Whoever is not woken in all that time never will be.
            let readiness = PollWaiting().wait(input: -1, pipe: inbox.readDescriptor, milliseconds: 60_000)
            try #require(readiness.isWoken, "asleep after \(taken) of \(goal)")
            taken += inbox.take().updates.count
        }
        #expect(taken == goal)
    }

    @Test("keeps the newest entries, and everything that is no entry, when nobody looks")
    func bound() {
        inbox.post([.olderHistory(available: true)])
        let total = Inbox.entryLimit * 3
        for start in stride(from: 0, to: total, by: 7) {
            inbox.post([.appended((start..<min(total, start + 7)).map(entry))])
        }
        let updates = inbox.take().updates
        #expect(updates.first == .olderHistory(available: true))
        let numbers: [Int] = updates.flatMap { update -> [Int] in
            if case .appended(let entries) = update { entries.map(\.id.number) } else { [] }
        }
        #expect(numbers.count <= Inbox.entryLimit)
        #expect(numbers.count >= Inbox.entryLimit / 2)
        #expect(numbers == Array((total - numbers.count)..<total))
    }
}
