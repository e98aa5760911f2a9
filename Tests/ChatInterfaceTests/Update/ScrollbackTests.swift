internal import ChatProtocol
internal import ChatSession
internal import ChatTestSupport
internal import Testing

@testable internal import ChatInterface

@Suite("The order of the lines")
struct ScrollbackTests {
    private static let time = WireTime(localMilliseconds: 0)

    /// Every other entry is about somebody who joined.
    private static func item(_ number: Int, isPending: Bool = false) -> Scrollback.Item {
        let place = TimelineEntry.Place(epoch: isPending ? .max : 0, number: Int64(number))
        let name = SafeText(line: "user\(number)")
        let isChat = isPending || number.isMultiple(of: 2)
        let entry = TimelineEntry(
            id: TimelineEntry.ID(number),
            place: place,
            messageID: MessageID(Int64(number)),
            time: time,
            kind: isChat
                ? .chat(sender: name, recipient: .everyone, color: nil, isOwn: true)
                : .info(sender: name, event: .join(color: "#FFF", isAdmin: false)),
            text: SafeText(line: "\(number)"),
            delivery: isPending ? .pending : .accepted
        )
        return Scrollback.Item(entry: entry, time: time, mentionsReader: false)
    }

    private static func names(_ scrollback: Scrollback) -> [String] {
        scrollback.lines.flatMap { line -> [String] in
            switch line.content {
            case .entry(let entry): [entry.text.text]
            case .presence(let changes): changes.map { String($0.name.text.dropFirst("user".count)) }
            case .notice: []
            }
        }
    }

    @Test("a message that is confirmed late stands between those who joined before and after it")
    func lateConfirmation() {
        var scrollback = Scrollback()
        scrollback.append(Self.item(1))
        scrollback.append(Self.item(2, isPending: true))
        scrollback.append(Self.item(3))
        scrollback.change(Self.item(2))
        #expect(Self.names(scrollback) == ["1", "2", "3"])
    }

    @Test("is the order of places, however the entries come", arguments: 1...50 as ClosedRange<UInt64>)
    func orderOfPlaces(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var scrollback = Scrollback()
        var last = 0
        var pending: [Int] = []
        var notices = 0
        for number in Array(1...100).shuffled(using: &random) {
            if number.isMultiple(of: 2), Bool.random(using: &random) {
                scrollback.append(Self.item(number, isPending: true))
                pending.append(number)
            } else if number > last {
                scrollback.append(Self.item(number))
                last = number
            } else {
                scrollback.insert([Self.item(number)])
            }
            if let first = pending.first, Bool.random(using: &random) {
                pending.removeFirst()
                scrollback.change(Self.item(first))
                last = max(last, first)
            }
            if Bool.random(using: &random) {
                notices += 1
                scrollback.append(notice: SafeText(line: "\(notices)"), isFailure: false, time: Self.time)
                #expect(scrollback.lines.last?.isNotice == true)
            }
            if Int.random(in: 0..<10, using: &random) == 0 { scrollback.isHistoryAwaited.toggle() }
            #expect(zip(scrollback.lines, scrollback.lines.dropFirst()).allSatisfy { $0.place <= $1.place })
        }
        for number in pending { scrollback.change(Self.item(number)) }
        scrollback.isHistoryAwaited = false
        #expect(Self.names(scrollback) == (1...100).map(String.init))
        #expect(scrollback.settledCount == scrollback.lines.count)
        let told = scrollback.lines.compactMap { line -> Int? in
            guard case .notice(let text, _) = line.content else { return nil }
            return Int(text.text)
        }
        #expect(told == Array(1...notices))
    }
}
