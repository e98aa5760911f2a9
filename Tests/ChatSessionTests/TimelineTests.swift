internal import ChatProtocol
internal import ChatSession
internal import ChatTestSupport
internal import Testing

@Suite("A timeline")
struct TimelineTests {
    private static func entry(_ number: Int, id: Int? = nil) -> TimelineEntry {
        TimelineEntry(
            id: TimelineEntry.ID(id ?? number),
            place: TimelineEntry.Place(epoch: 0, number: Int64(number)),
            time: WireTime(localMilliseconds: 0),
            kind: .error,
            text: SafeText(line: "\(number)")
        )
    }

    private static func numbers(_ timeline: Timeline) -> [Int] {
        timeline.entries.compactMap { Int($0.text.text) }
    }

    @Test("stands in the order of places, however the entries come", arguments: 1...50 as ClosedRange<UInt64>)
    func order(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var waiting = Array(1...200).shuffled(using: &random)
        var timeline = Timeline()
        while !waiting.isEmpty {
            let count = min(waiting.count, Int.random(in: 1...30, using: &random))
            let entries = waiting.prefix(count).map { Self.entry($0) }
            timeline.apply(Bool.random(using: &random) ? .appended(entries) : .inserted(entries))
            waiting.removeFirst(count)
        }
        #expect(Self.numbers(timeline) == Array(1...200))
    }

    @Test("moves an entry that changes its place")
    func moves() {
        var timeline = Timeline()
        timeline.apply(.appended((1...5).map { Self.entry($0) }))
        timeline.apply(.changed(Self.entry(9, id: 2)))
        timeline.apply(.changed(Self.entry(0, id: 5)))
        #expect(Self.numbers(timeline) == [0, 1, 3, 4, 9])
    }

    @Test("forgets the oldest beyond its capacity")
    func capacity() {
        var timeline = Timeline(capacity: 100)
        for number in 1...1000 { timeline.apply(.appended([Self.entry(number)])) }
        #expect(Self.numbers(timeline).last == 1000)
        #expect((100...113).contains(timeline.entries.count))
        timeline.apply(.inserted((1...500).map { Self.entry(-$0, id: 2000 + $0) }))
        #expect(Self.numbers(timeline).last == 1000)
        #expect(timeline.entries.count == 100)
    }
}
