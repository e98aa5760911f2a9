internal import ChatProtocol
internal import ChatServerCore
internal import Testing

@Suite("How fast one connection may ask for things")
struct RequestBudgetTests {
    private let bounds = RequestBudget.Bounds(
        requests: .init(burst: 3, perSecond: 2),
        refreshes: .init(burst: 1, perSecond: 1)
    )

    private static func chat(_ bytes: Int) -> Request {
        .chat(ChatRequest(recipient: .everyone, text: String(repeating: "x", count: bytes)))
    }

    private static func at(_ milliseconds: Int64) -> Timestamp {
        Timestamp(unixMilliseconds: 1_000_000 + milliseconds)
    }

    @Test("after a burst each request has to wait its turn, and rest makes up for it")
    func requests() {
        var budget = RequestBudget()
        let rests = (0..<5).map { _ in budget.charge(Self.chat(1), within: bounds, at: Self.at(0)) }
        #expect(rests == [0, 0, 0, 500, 1000])
        let later = budget.charge(Self.chat(1), within: bounds, at: Self.at(1500))
        #expect(later == 0)
    }

    @Test("reading the history and talking do not pay for each other")
    func refreshes() {
        var budget = RequestBudget()
        let pages = (0..<2).map { _ in budget.charge(.refresh(HistoryQuery()), within: bounds, at: Self.at(0)) }
        #expect(pages == [0, 1000])
        let word = budget.charge(Self.chat(1), within: bounds, at: Self.at(0))
        #expect(word == 0)
    }

    @Test("a long text costs more than a short one, a new nickname as five, rubbish as much as a request")
    func costs() {
        var long = RequestBudget()
        let rest = long.charge(Self.chat(4 * 4096), within: bounds, at: Self.at(0))
        #expect(rest == 1000)
        var name = RequestBudget()
        let color = name.charge(.update(UpdateRequest(color: "#FFF")), within: bounds, at: Self.at(0))
        let rename = name.charge(.update(UpdateRequest(nickname: "rob")), within: bounds, at: Self.at(0))
        #expect([color, rename] == [0, 1500])
        var rubbish = RequestBudget()
        let rests = (0..<4).map { _ in rubbish.charge(nil, within: bounds, at: Self.at(0)) }
        #expect(rests == [0, 0, 0, 500])
    }

    @Test("without bounds nobody waits")
    func unbounded() {
        var budget = RequestBudget()
        let open = RequestBudget.Bounds(requests: nil, refreshes: nil)
        for request in [nil, Self.chat(16_384), .refresh(HistoryQuery()), .users] {
            for _ in 0..<100 {
                let rest = budget.charge(request, within: open, at: Self.at(0))
                #expect(rest == 0)
            }
        }
    }
}
