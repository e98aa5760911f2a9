internal import ChatTestSupport
internal import NIOCore
internal import Testing

@testable internal import ChatServer

@Suite("Broadcast log and framed output")
struct FramedOutputTests {
    private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    private func drain(_ output: inout FramedOutput, _ log: BroadcastLog) -> String {
        var text = ""
        while let piece = output.next(from: log) { text += String(buffer: piece.bytes) }
        return text
    }

    @Test("a tick's messages are one piece")
    func onePiece() {
        var log = BroadcastLog()
        for text in ["a", "bb", "ccc"] { log.append(netstring: bytes(text)) }
        #expect(String(buffer: log.commit()) == "1:a,2:bb,3:ccc,")
        #expect(log.commit().readableBytes == 0)
    }

    @Test("nothing can be read before it is committed")
    func uncommitted() {
        var log = BroadcastLog()
        var output = FramedOutput(from: log.end)
        log.append(netstring: bytes("a"))
        output.append(netstring: bytes("own"), to: log)
        #expect(output.waitingBytes(in: log) == 10)
        #expect(drain(&output, log) == "")
        _ = log.commit()
        #expect(drain(&output, log) == "1:a,3:own,")
        #expect(output.waitingBytes(in: log) == 0)
    }

    @Test("what is for one alone stands at its place, and what it stands for is left out")
    func insertions() {
        var log = BroadcastLog()
        var output = FramedOutput(from: log.end)
        output.append(netstring: bytes("first"), to: log)
        log.append(netstring: bytes("a"))
        let place = log.end
        log.append(netstring: bytes("common"))
        output.skip(from: place, to: log)
        output.append(netstring: bytes("own"), to: log)
        output.append(netstring: bytes("more"), to: log)
        log.append(netstring: bytes("b"))
        _ = log.commit()
        #expect(!output.isPlain)
        #expect(drain(&output, log) == "5:first,1:a,3:own,4:more,1:b,")
        #expect(output.isPlain)
    }

    @Test("a connection that leaves gets what there was, and nothing after it")
    func ending() {
        var log = BroadcastLog()
        var output = FramedOutput(from: log.end)
        log.append(netstring: bytes("a"))
        output.append(netstring: bytes("bye"), to: log)
        output.end(at: log)
        log.append(netstring: bytes("b"))
        output.append(netstring: bytes("late"), to: log)
        output.skip(from: 0, to: log)
        _ = log.commit()
        #expect(drain(&output, log) == "1:a,3:bye,")
        #expect(output.waitingBytes(in: log) == 0)
    }

    @Test("what everyone has passed is forgotten, what somebody still needs is not")
    func trimming() {
        var log = BroadcastLog()
        var slow = FramedOutput(from: log.end)
        var expected = ""
        for number in 0..<200 {
            let text = "\(number)" + String(repeating: "x", count: 997)
            log.append(netstring: bytes(text))
            expected += "\(text.utf8.count):\(text),"
            _ = log.commit()
            log.trim(before: slow.position)
        }
        #expect(log.keptBytes >= 200_000)
        #expect(drain(&slow, log) == expected)
        log.trim(before: slow.position)
        #expect(log.keptBytes <= 8192)
    }

    @Test("a piece that somebody still writes from does not change")
    func sharedPiece() {
        var log = BroadcastLog()
        log.append(netstring: bytes("one"))
        let held = log.commit()
        log.append(netstring: bytes("two"))
        let next = log.commit()
        #expect(String(buffer: held) == "3:one,")
        #expect(String(buffer: next) == "3:two,")
        #expect(String(buffer: log.piece(from: 0, to: log.end) ?? ByteBuffer()) == "3:one,")
    }

    @Test("many connections, each at its own pace, all get their own order", arguments: 0..<30)
    func randomly(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        var log = BroadcastLog()
        var outputs = (0..<5).map { _ in FramedOutput(from: log.end) }
        var expected = Array(repeating: "", count: 5)
        var received = Array(repeating: "", count: 5)
        for step in 0..<400 {
            let text = "\(step)" + String(repeating: "y", count: Int.random(in: 0...300, using: &generator))
            let frame = "\(text.utf8.count):\(text),"
            let chosen = Int.random(in: 0..<5, using: &generator)
            switch Int.random(in: 0..<6, using: &generator) {
            case 0:
                log.append(netstring: bytes(text))
                for index in expected.indices { expected[index] += frame }
            case 1:
                outputs[chosen].append(netstring: bytes(text), to: log)
                expected[chosen] += frame
            case 2:
                let place = log.end
                log.append(netstring: bytes("common"))
                for index in expected.indices where index != chosen { expected[index] += "6:common," }
                outputs[chosen].skip(from: place, to: log)
                if step.isMultiple(of: 2) {
                    outputs[chosen].append(netstring: bytes(text), to: log)
                    expected[chosen] += frame
                }
            case 3:
                _ = log.commit()
            case 4:
                if let piece = outputs[chosen].next(from: log) { received[chosen] += String(buffer: piece.bytes) }
            default:
                log.trim(before: outputs.map(\.position).min() ?? 0)
            }
        }
        _ = log.commit()
        for index in outputs.indices { received[index] += drain(&outputs[index], log) }
        #expect(received == expected)
        for output in outputs { #expect(output.waitingBytes(in: log) == 0) }
    }
}
