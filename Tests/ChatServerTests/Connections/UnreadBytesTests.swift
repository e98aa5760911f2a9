internal import ChatProtocol
internal import NIOCore
internal import Testing

@testable internal import ChatServer

@Suite("Bytes that may have waited in the socket")
struct UnreadBytesTests {
    private static let start = NIODeadline.uptimeNanoseconds(1_000_000_000)

    @Test("were in a full buffer, or come right behind one, and not much later")
    func fullBuffer() {
        for (pause, arrival) in [(0, .delayed), (1000, .delayed), (1001, .prompt)]
            as [(Int64, UnframedRequestDecoder.Arrival)]
        {
            var unread = UnreadBytes()
            #expect(unread.read(fillsBuffer: true, isJoined: false, at: Self.start) == .full)
            let next = Self.start + .milliseconds(pause)
            #expect(unread.read(fillsBuffer: false, isJoined: false, at: next) == arrival, "after \(pause) ms")
            #expect(unread.read(fillsBuffer: false, isJoined: false, at: next) == .prompt)
        }
    }

    @Test("come right after reading has continued, or when everything was late")
    func continued() {
        for (pause, isLate, arrival) in [(0, false, .delayed), (1001, false, .prompt), (5000, true, .delayed)]
            as [(Int64, Bool, UnframedRequestDecoder.Arrival)]
        {
            var unread = UnreadBytes()
            unread.readingContinued(at: Self.start)
            let next = Self.start + .milliseconds(pause)
            #expect(unread.read(fillsBuffer: false, isJoined: isLate, at: next) == arrival)
        }
    }
}
