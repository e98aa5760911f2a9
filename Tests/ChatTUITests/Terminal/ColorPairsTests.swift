internal import Testing

@testable import ChatTUI

@Suite("Color pairs")
struct ColorPairsTests {
    @Test("the terminal's own colors are pair 0 and never defined")
    func ownColors() {
        var pairs = ColorPairs(capacity: 64)
        let number = pairs.number(of: .init(foreground: -1, background: -1)) { _, _ in Issue.record("defined") }
        #expect(number == 0)
    }

    @Test("a pair is defined once and keeps its number")
    func reuse() {
        var pairs = ColorPairs(capacity: 64)
        var defined: [Int32] = []
        for _ in 0..<3 {
            #expect(pairs.number(of: .init(foreground: 1, background: -1)) { number, _ in defined.append(number) } == 1)
            #expect(pairs.number(of: .init(foreground: 2, background: -1)) { number, _ in defined.append(number) } == 2)
        }
        #expect(defined == [1, 2])
    }

    @Test("when they run out there is none, until all are given back", arguments: [0, 1, 2, 64])
    func runOut(capacity: Int) {
        var pairs = ColorPairs(capacity: capacity)
        let usable = max(0, capacity - 1)
        for color in 0..<Int32(usable) {
            #expect(pairs.number(of: .init(foreground: color, background: 7)) { _, _ in } == color + 1)
        }
        #expect(pairs.number(of: .init(foreground: 200, background: 7)) { _, _ in } == nil)
        pairs.removeAll()
        #expect(pairs.number(of: .init(foreground: 200, background: 7)) { _, _ in } == (usable > 0 ? 1 : nil))
    }
}
