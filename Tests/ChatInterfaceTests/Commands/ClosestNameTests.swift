internal import Testing

@testable internal import ChatInterface

@Suite("The closest name")
struct ClosestNameTests {
    @Test(arguments: [
        ("quit", "quit"), ("qiut", "quit"), ("qut", "quit"), ("quitt", "quit"), ("QUIT", "quit"), ("q", "quit"),
        ("clear", "clear"), ("claer", "clear"), ("cler", "clear"), ("rekick", "kick"),
        ("zzzz", nil), ("", nil), ("a", nil),
    ])
    func `is one that a few slips lead to`(typed: String, expected: String?) {
        #expect(ClosestName.find(typed, among: ["quit", "kick", "clear", "refresh"]) == expected)
    }

    @Test
    func `is not looked for with absurd lengths`() {
        #expect(ClosestName.find(String(repeating: "quit", count: 1_000_000), among: ["quit"]) == nil)
        #expect(ClosestName.find("quit", among: []) == nil)
    }
}
