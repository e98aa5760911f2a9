internal import NIOCore
internal import Testing

@testable internal import ChatServer

@Suite("The pulse of an event loop")
struct LoopPulseTests {
    private func time(_ milliseconds: Int64) -> NIODeadline { .uptimeNanoseconds(0) + .milliseconds(milliseconds) }

    @Test("a loop that turns is not behind, even where a beat is a little late")
    func turning() {
        var pulse = LoopPulse(at: time(0))
        for beat in 1...10 as ClosedRange<Int64> {
            #expect(!pulse.isBehind(at: time(900 * beat - 1)))
            pulse.beat(at: time(900 * beat))
            #expect(!pulse.isBehind(at: time(900 * beat)))
        }
    }

    @Test("after a stop it is behind, and for a while after the first beat")
    func stopped() {
        var pulse = LoopPulse(at: time(0))
        pulse.beat(at: time(500))
        #expect(pulse.isBehind(at: time(20_000)))
        pulse.beat(at: time(20_001))
        #expect(pulse.isBehind(at: time(20_002)))
        pulse.beat(at: time(20_501))
        #expect(!pulse.isBehind(at: time(20_502)))
    }
}
