import NIOCore
import Testing

@testable import ChatServer

@Suite("The pause between two batches for the store")
struct BatchPacingTests {
    private static let start = NIODeadline.uptimeNanoseconds(5_000_000_000)

    @Test(
        "is half of what the fan-out took, in microseconds, where that is worth it",
        arguments: [
            (fanOut: 0, pause: nil),
            (fanOut: 99, pause: nil),
            (fanOut: 100, pause: 50),
            (fanOut: 600, pause: 300),
            (fanOut: 3_999, pause: 1_999.5),
            (fanOut: 4_000, pause: 2_000),
            (fanOut: 60_000_000, pause: 2_000),
        ] as [(fanOut: Int64, pause: Double?)]
    )
    func halfOfFanOut(fanOut: Int64, pause: Double?) {
        var pacing = BatchPacing()
        let end = Self.start + .microseconds(fanOut)
        pacing.fannedOut(from: Self.start, to: end)
        if let pause {
            #expect(pacing.end == end + .nanoseconds(Int64(pause * 1000)))
        } else {
            #expect(pacing.end < Self.start)
        }
    }

    @Test("takes no notice of a clock that stood still or went back")
    func unreliableClock() {
        var pacing = BatchPacing()
        pacing.fannedOut(from: Self.start, to: Self.start - .seconds(1))
        #expect(pacing.end < Self.start)
    }
}
