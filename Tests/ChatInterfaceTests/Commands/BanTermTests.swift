internal import ChatProtocol
internal import Testing

@testable internal import ChatInterface

@Suite("The term of a ban")
struct BanTermTests {
    @Test(
        "is read as it is typed, and said in words",
        arguments: [
            ("30m", .seconds(1800), "for 30 minutes"), ("2h", .seconds(7200), "for 2 hours"),
            ("1H", .seconds(3600), "for 1 hour"), ("7d", .seconds(604_800), "for 7 days"),
            ("2w", .seconds(1_209_600), "for 14 days"), ("90s", .seconds(90), "for 90 seconds"),
            ("90m", .seconds(5400), "for 90 minutes"), ("Forever", .forever, "for ever"),
        ] as [(String, BanTerm, String)]
    )
    func readAsTyped(typed: String, term: BanTerm, words: String) {
        #expect(BanTerm(typed: typed) == term)
        #expect(term.words == words)
    }

    @Test(
        "is nothing else",
        arguments: [
            "", "h", "2", "2x", "0h", "-1h", "+1h", "1.5h", "521w9", "99999d", "999999999w", "1234567890s", "２h",
            "ever",
        ]
    )
    func nothingElse(typed: String) {
        #expect(BanTerm(typed: typed) == nil)
    }

    @Test("is the same when what Tab offers is read") func sameWhenWhat() {
        #expect(BanTerm.suggestions.allSatisfy { BanTerm(typed: $0) != nil })
    }
}
