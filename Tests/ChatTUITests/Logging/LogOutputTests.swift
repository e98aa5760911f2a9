internal import ChatTestSupport
internal import Dispatch
internal import Synchronization
internal import Testing

@testable internal import ChatTUI

@Suite("Where the log goes")
struct LogOutputTests {
    @Test("lines come out in order, whoever writes them")
    func order() {
        let lines = Mutex<[String]>([])
        let output = LogOutput(sink: { line in lines.withLock { $0.append(line) } }, apology: { "\($0) lost" })
        for number in 0..<1000 { output.write("\(number)") }
        output.flush(within: Patience.milliseconds)
        #expect(lines.withLock { $0 } == (0..<1000).map(String.init))
    }

    @Test("who does not read keeps nobody waiting; what is missing is said, and it goes on")
    func stuck() {
        let lines = Mutex<[String]>([])
        let reader = DispatchSemaphore(value: 0)
        let output = LogOutput(
            sink: { line in
                reader.wait()
                lines.withLock { $0.append(line) }
            },
            apology: { "\($0) lost" }
        )
        // The first is in the reader's hands, or waits with the others.
        let count = 2 * LogOutput.lineLimit
        for number in 0..<count { output.write("\(number)") }
        output.flush(within: 0)
        #expect(lines.withLock { $0.isEmpty })
        for _ in 0...count { reader.signal() }
        output.flush(within: Patience.milliseconds)
        output.write("afterwards")
        for _ in 0..<count { reader.signal() }
        output.flush(within: Patience.milliseconds)
        let written = lines.withLock { $0 }
        #expect(written.last == "afterwards")
        let lost = written.compactMap { line in line.hasSuffix(" lost") ? Int(line.dropLast(5)) : nil }
        #expect(lost.reduce(0, +) + written.count - lost.count - 1 == count)
        #expect(written.count - lost.count - 1 >= LogOutput.lineLimit)
        let numbers = written.compactMap { Int($0) }
        #expect(zip(numbers, numbers.dropFirst()).allSatisfy(<))
    }
}
