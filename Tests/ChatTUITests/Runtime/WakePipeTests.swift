internal import ChatProtocol
internal import ChatSession
internal import ChatTestSupport
internal import Dispatch
internal import Glibc
internal import Testing

@testable import ChatTUI

@Suite("The wake pipe")
struct WakePipeTests {
    @Test("no wake is lost, however the writing falls between the reading")
    func nothingIsLost() throws {
        let pipe = try WakePipe()
        let inbox = Inbox(waking: pipe)
        let goal = 200_000
        DispatchQueue.global().async {
            for _ in 0..<goal { inbox.post([.notice(SafeText(line: "news"), isFailure: false)]) }
        }
        var taken = 0
        while taken < goal {
            let readiness = PollWaiting().wait(
                input: -1,
                pipe: pipe.readDescriptor,
                milliseconds: Patience.milliseconds
            )
            try #require(readiness.isWoken, "asleep after \(taken) of \(goal)")
            _ = pipe.drain()
            taken += inbox.take().count
        }
        #expect(taken == goal)
    }

    @Test("a wake after a drain is seen by the next wait, and two of them once")
    func again() throws {
        let pipe = try WakePipe()
        let isWoken = { PollWaiting().wait(input: -1, pipe: pipe.readDescriptor, milliseconds: 0).isWoken }
        for _ in 0..<3 {
            pipe.wake()
            pipe.wake()
            #expect(isWoken())
            #expect(pipe.drain().isEmpty)
            #expect(!isWoken())
        }
    }

    @Test("signals come out in order, and wakes leave no trace among them")
    func signals() throws {
        let pipe = try WakePipe()
        pipe.wake()
        for signal in [SIGWINCH, SIGTSTP, SIGCONT] {
            var byte = UInt8(signal)
            #expect(write(pipe.writeDescriptor, &byte, 1) == 1)
        }
        #expect(pipe.drain() == [SIGWINCH, SIGTSTP, SIGCONT])
    }
}
