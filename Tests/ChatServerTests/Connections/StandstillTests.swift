internal import Dispatch
internal import Logging
internal import NIOConcurrencyHelpers
internal import Testing

@testable internal import ChatServer

@Suite("An original client whose bytes waited", .serialized)
struct StandstillTests {
    private func text(of frame: String) -> String {
        String(frame.split(separator: ",", maxSplits: 2).last ?? "")
    }

    @Test("while the server stood still, however short, each write stays a request")
    func standstill() throws {
        let standstill = Standstill()
        let server = try TestServer(logger: standstill.logger)
        let (bobby, other) = (try SocketPeer(port: server.port), try SocketPeer(port: server.port))
        try bobby.logIn(framedAs: "bobby")
        try other.logIn(framedAs: "other")
        let old = try SocketPeer(port: server.port, sendsAtOnce: true)
        old.send("CON,nickname=old;password=;color=#FFF,")
        _ = try old.receive(until: "USER,")
        // The next login stops the event loop.
        standstill.begin()
        let stopper = try SocketPeer(port: server.port)
        stopper.send("CON,nickname=stopper;password=;color=#FFF,")
        standstill.waitUntilBegun()
        for text in ["-ALL,one", "bobby,my secret", "-ALL,two"] { old.send("CHAT,rec=\(text)") }
        standstill.end()
        #expect(try (0..<2).map { _ in text(of: try other.nextFrame(of: "CHATR")) } == ["one", "two"])
        #expect(try (0..<3).map { _ in text(of: try bobby.nextFrame(of: "CHATR")) } == ["one", "my secret", "two"])
        // What is one write stays one text.
        old.send("CHAT,rec=-ALL,typed CHAT,rec=bobby,text")
        #expect(text(of: try other.nextFrame(of: "CHATR")) == "typed CHAT,rec=bobby,text")
    }

    @Test("a read may be several writes if it came in several segments, or if more had come than was read")
    func segments() {
        var count = SegmentCount()
        let reads: [(bytes: Int, of: ReceivedData, isJoined: Bool)] = [
            (10, ReceivedData(bytes: 10, segments: 1), false), (10, ReceivedData(bytes: 20, segments: 2), false),
            (20, ReceivedData(bytes: 40, segments: 4), true), (5, ReceivedData(bytes: 45, segments: 5), false),
            // One came after the read, and is read with the next.
            (5, ReceivedData(bytes: 55, segments: 7), true), (10, ReceivedData(bytes: 60, segments: 8), true),
            (5, ReceivedData(bytes: 65, segments: 9), false),
        ]
        for read in reads { #expect(count.read(read.bytes, of: read.of) == read.isJoined) }
    }
}

/// Makes an event loop stand still at the next login that is logged.
private final class Standstill: Sendable {
    private let isDue = NIOLockedValueBox(false)
    private let hasBegun = DispatchSemaphore(value: 0)
    private let mayEnd = DispatchSemaphore(value: 0)

    var logger: Logger { Logger(label: "test") { [self] _ in Handler(standstill: self) } }

    func begin() { isDue.withLockedValue { $0 = true } }

    func waitUntilBegun() { hasBegun.wait() }

    func end() { mayEnd.signal() }

    private func logged(_ message: Logger.Message) {
        let isNow = isDue.withLockedValue { isDue in
            guard isDue, message == "login" else { return false }
            isDue = false
            return true
        }
        guard isNow else { return }
        hasBegun.signal()
        mayEnd.wait()
    }

    private struct Handler: LogHandler {
        let standstill: Standstill
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) { standstill.logged(event.message) }
    }
}
