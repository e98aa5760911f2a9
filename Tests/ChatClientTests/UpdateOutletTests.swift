internal import ChatProtocol
internal import ChatSession
internal import NIOConcurrencyHelpers
internal import Testing

@testable internal import ChatClient

@Suite("What one turn of the event loop tells the interface")
struct UpdateOutletTests {
    private static func entry(_ number: Int) -> TimelineEntry {
        TimelineEntry(
            id: TimelineEntry.ID(number),
            time: WireTime(localMilliseconds: 0),
            kind: .error,
            text: SafeText(line: "\(number)")
        )
    }

    private static func notice(_ text: String) -> SessionUpdate {
        .notice(SafeText(line: text), isFailure: false)
    }

    @Test("is one delivery, with entries in a row joined and only the newest user list")
    func joins() {
        let delivered = NIOLockedValueBox<[[SessionUpdate]]>([])
        var outlet = UpdateOutlet { updates in delivered.withLockedValue { $0.append(updates) } }
        outlet.deliver()
        let roster = Roster(members: [Roster.Member(nickname: "ann", color: nil, isAdmin: false, isOwn: true)])
        let firsts = [
            outlet.append(.appended([Self.entry(1)])),
            outlet.append(.appended([Self.entry(2), Self.entry(3)])),
            outlet.append(.roster(Roster())),
            outlet.append(.appended([Self.entry(4)])),
            outlet.append(.roster(roster)),
            outlet.append(.appended([Self.entry(5)])),
            outlet.append(.inserted([Self.entry(6)])),
            outlet.append(Self.notice("a")),
            outlet.append(Self.notice("b")),
            outlet.append(.inserted([Self.entry(7)])),
        ]
        #expect(firsts == [true] + Array(repeating: false, count: 9))
        outlet.deliver()
        outlet.deliver()
        let expected: [SessionUpdate] = [
            .appended([Self.entry(1), Self.entry(2), Self.entry(3)]),
            .roster(roster),
            .appended([Self.entry(4), Self.entry(5)]),
            .inserted([Self.entry(6)]),
            Self.notice("a"),
            Self.notice("b"),
            .inserted([Self.entry(7)]),
        ]
        #expect(delivered.withLockedValue { $0 } == [expected])
        let isFirst = outlet.append(.roster(roster))
        #expect(isFirst)
        outlet.deliver()
        #expect(delivered.withLockedValue { $0.last } == [.roster(roster)])
    }
}
