internal import ChatProtocol
internal import Dispatch
internal import Logging
internal import NIOCore
internal import Testing

@testable internal import ChatServer

/// The end of a server.
@Suite("Closing", .serialized)
struct ClosingTests {
    @Test("everyone gets what was meant for them and a word of warning")
    func graceful() throws {
        let server = try TestServer()
        let old = try SocketPeer(port: server.port)
        old.send("CON,nickname=old;password=;color=#F00,")
        _ = try old.receive(until: "USER,")
        let new = try SocketPeer(port: server.port)
        try new.logIn(framedAs: "new")
        for number in 0..<30 { new.send(framed: "CHAT,rec=-ALL,line \(number)") }
        for _ in 0..<30 { _ = try new.nextFrame(of: "CHATR") }

        let stopped = DispatchSemaphore(value: 0)
        DispatchQueue.global().async { [server = server.server] in
            server.stop(within: .seconds(60))
            stopped.signal()
        }
        var heard = ""
        while !old.isAtEnd { heard += String(decoding: old.receive(), as: UTF8.self) }
        for number in 0..<30 { #expect(heard.contains("line \(number)")) }
        #expect(heard.contains("WARN,"))
        _ = try new.nextFrame(of: "WARN")
        #expect(try new.nextFrame() == nil)
        stopped.wait()
        #expect(throws: SocketPeer.Overdue.self) { try SocketPeer(port: server.port) }
    }

    @Test("those who read nothing do not keep it longer than it may take")
    func stuck() throws {
        let server = VirtualServer()
        let slow = try server.join("slow")
        let fast = try server.join("fast")
        slow.setReading(false)
        try fast.send(framed: "CHAT,rec=-ALL,hello")
        let closed = Flag()
        server.hub.close(by: server.now + .seconds(4)) { closed.isSet = true }
        server.advance(by: .milliseconds(2_999))
        #expect(fast.isAtEnd)
        #expect(!slow.isAtEnd)
        #expect(!closed.isSet)
        server.advance(by: .milliseconds(2))
        #expect(slow.isAtEnd)
        #expect(closed.isSet)
    }

    @Test("who connects meanwhile is told why there is no login", arguments: [false, true])
    func newcomers(isFramed: Bool) throws {
        let server = VirtualServer()
        let slow = try server.join("slow")
        slow.setReading(false)
        server.hub.close(by: server.now + .seconds(4)) {}
        let other = try server.connect()
        #expect(!other.isAtEnd)
        try other.send("CON,nickname=other;password=;color=#FFF\(isFramed ? ";framing=netstring" : ""),")
        let heard = try other.read()
        #expect(heard.contains("WARN,") && heard.contains("The server is closing."))
        #expect(heard.contains(";refusal=closing") == isFramed)
        #expect(server.hub.metrics.refusals == [.closing: 1])
    }

    @Test("a store that never answers does not keep it longer than it may take")
    func storeHangs() throws {
        let server = VirtualServer(messages: HeldStore())
        let ann = try server.join("ann")
        try ann.send(framed: "CHAT,rec=-ALL,lost")
        let closed = Flag()
        server.hub.close(by: server.now + .seconds(4)) { closed.isSet = true }
        server.advance(by: .milliseconds(3_999))
        #expect(!closed.isSet)
        server.advance(by: .milliseconds(2))
        #expect(closed.isSet)
    }

    @Test("what waits for an original client goes out faster, so that all of it does")
    func hurry() throws {
        let server = VirtualServer()
        let old = try server.connect()
        try old.send("CON,nickname=old;password=;color=#F00,")
        let new = try server.join("new")
        let filler = String(repeating: "z", count: 1_900)
        for number in 0..<60 { try new.send(framed: "CHAT,rec=-ALL,line \(number) \(filler)") }
        server.hub.close(by: server.now + .seconds(2)) {}
        // At 50 ms each it would take 3 s.
        server.advance(by: .milliseconds(1_200))
        let heard = try old.read()
        let missing = (0..<60).filter { !heard.contains(",line \($0) ") }
        #expect(missing == [])
        #expect(heard.contains("WARN,"))
    }

    @Test("a store that does not close does not keep it, and is told of")
    func storeStaysOpen() throws {
        let store = SlowStore()
        let log = RecordedLog()
        let server = try TestServer(messages: store, logger: log.logger)
        let ann = try SocketPeer(port: server.port)
        try ann.logIn(framedAs: "ann")
        _ = try ann.nextFrame(of: "USER")
        store.shut()
        store.holdClosing()
        ann.send(framed: "CHAT,rec=-ALL,lost")
        ann.send(framed: "PING,,")
        _ = try ann.nextFrame(of: "PONG")
        let stopped = DispatchSemaphore(value: 0)
        DispatchQueue.global().async { [server = server.server] in
            server.stop(within: .milliseconds(600))
            stopped.signal()
        }
        // Without a bound this would never end.
        #expect(stopped.wait(timeout: .now() + 60) == .success)
        #expect(log.lines.contains("error the stores did not close in time"))
        store.open()
    }

    @Test("stopping twice, or before the start, is no harm")
    func twice() throws {
        let server = try TestServer()
        server.server.stop(within: .seconds(60))
        server.server.stop(within: .seconds(60))
        Server(logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }).stop(within: .seconds(60))
    }

    @Test("a port in use, an address of others and a name of nobody are told in one line")
    func refusals() throws {
        let server = try TestServer()
        let cases = [
            ("127.0.0.1", server.port, "port \(server.port) is already in use on 127.0.0.1"),
            ("203.0.113.7", 0, "203.0.113.7 is no address of this machine"),
        ]
        for (host, port, line) in cases {
            let other = Server(
                configuration: ServerConfiguration(host: host, port: port),
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            )
            let error = #expect(throws: ServerError.self) { try other.start() }
            #expect(error?.description == line)
        }
    }
}

/// What a closure tells.
private final class Flag {
    var isSet = false
}
