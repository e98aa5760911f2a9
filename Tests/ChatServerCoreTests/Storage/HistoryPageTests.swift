internal import ChatProtocol
internal import ChatServerCore
internal import Testing

/// Messages are written as their number, joins as a number below zero.
@Suite("Choosing a page of the history")
struct HistoryPageTests {
    private func record(_ number: Int64) -> HistoryRecord {
        let id = MessageID(abs(number))
        let content: HistoryRecord.Content =
            number > 0
            ? .chat(ChatMessage(id: id, sender: "ann", recipient: .everyone, color: "#FFF", text: ""))
            : .info(Info(id: id, sender: "ann", text: ""))
        return HistoryRecord(
            id: id,
            moment: Timestamp(unixMilliseconds: 0),
            visibility: .everyone,
            content: content
        )
    }

    @Test(
        "joins and leaves push nothing off it that was said",
        arguments: [
            // Nothing to choose.
            ([], [], 4, [], false),
            ([3, 2, 1], [], 4, [1, 2, 3], false),
            ([], [-3, -2, -1], 4, [-1, -2, -3], false),
            ([4, 2], [-3, -1], 4, [-1, 2, -3, 4], false),
            // Few messages: joins fill the page.
            ([1], [-9, -8, -7, -6, -5], 4, [1, -7, -8, -9], false),
            // Many of both: half of each, and none of the messages between is left out.
            ([5, 4, 3, 2, 1], [-10, -9, -8, -7, -6], 4, [4, 5, -9, -10], true),
            ([10, 9, 8, 7, 6], [-5, -4, -3, -2, -1], 4, [7, 8, 9, 10], true),
            // The joins left out are not `more`; those beyond the page are.
            ([2, 1], [-6, -5, -4, -3], 4, [1, 2, -5, -6], false),
            ([2], [-6, -5, -4, -1], 3, [2, -5, -6], true),
            // No room at all.
            ([1], [-2], 0, [], true),
            ([1], [-2], 1, [1], false),
        ] as [([Int64], [Int64], Int, [Int64], Bool)]
    )
    func choice(messages: [Int64], infos: [Int64], limit: Int, chosen: [Int64], more: Bool) {
        let page = HistoryPage(
            choosingFrom: messages.map(record),
            infos.map(record),
            HistorySection(HistoryQuery(limit: limit), ceiling: MessageID(.max))
        )
        #expect(page == HistoryPage(records: chosen.map(record), more: more))
    }

    @Test("forwards it is the same the other way round")
    func forward() {
        let page = HistoryPage(
            choosingFrom: [6, 7, 8].map(record),
            [-1, -2, -3, -4, -5].map(record),
            HistorySection(HistoryQuery(since: MessageID(0), limit: 4), ceiling: MessageID(.max))
        )
        #expect(page == HistoryPage(records: [-1, -2, 6, 7].map(record), more: true))
    }
}
