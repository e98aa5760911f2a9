internal import Testing

@testable internal import ChatInterface

@Suite("The closest name")
struct ClosestNameTests {
    @Test(
        "is one that a few slips lead to",
        arguments: [
            ("quit", "quit"), ("qiut", "quit"), ("qut", "quit"), ("quitt", "quit"), ("QUIT", "quit"), ("q", "quit"),
            ("clear", "clear"), ("claer", "clear"), ("cler", "clear"), ("rekick", "kick"),
            ("zzzz", nil), ("", nil), ("a", nil),
        ]
    )
    func oneFewSlips(typed: String, expected: String?) {
        #expect(ClosestName.find(typed, among: ["quit", "kick", "clear", "refresh"]) == expected)
    }

    @Test("is not looked for with absurd lengths")
    func notLookedFor() {
        #expect(ClosestName.find(String(repeating: "quit", count: 1_000_000), among: ["quit"]) == nil)
        #expect(ClosestName.find("quit", among: []) == nil)
    }
}
