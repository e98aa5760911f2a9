internal import ChatProtocol
internal import ChatServer
internal import Dispatch
internal import Logging
internal import Testing

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

        let start = ContinuousClock.now
        let stopped = DispatchSemaphore(value: 0)
        DispatchQueue.global().async { [server = server.server] in
            server.stop(within: .seconds(4))
            stopped.signal()
        }
        var heard = ""
        while !old.isAtEnd { heard += String(decoding: old.receive(), as: UTF8.self) }
        for number in 0..<30 { #expect(heard.contains(",line \(number)")) }
        #expect(heard.contains("WARN,"))
        _ = try new.nextFrame(of: "WARN")
        #expect(try new.nextFrame() == nil)
        stopped.wait()
        #expect(start.duration(to: .now) < .seconds(4.5))
        #expect(throws: SocketPeer.Overdue.self) { try SocketPeer(port: server.port) }
    }

    @Test("those who read nothing do not keep it")
    func stuck() throws {
        let server = try TestServer()
        let slow = try SocketPeer(port: server.port, receiveBuffer: 4096)
        try slow.logIn(framedAs: "slow")
        let fast = try SocketPeer(port: server.port)
        try fast.logIn(framedAs: "fast")
        for _ in 0..<200 {
            fast.send(framed: "CHAT,rec=-ALL,\(String(repeating: "y", count: 16_000))")
            _ = try fast.nextFrame(of: "CHATR")
        }
        let start = ContinuousClock.now
        server.server.stop(within: .seconds(1))
        #expect(start.duration(to: .now) < .seconds(1.5))
    }

    @Test("a store that never answers does not keep it")
    func storeHangs() throws {
        let store = SlowStore()
        let server = try TestServer(messages: store)
        let ann = try SocketPeer(port: server.port)
        try ann.logIn(framedAs: "ann")
        _ = try ann.nextFrame(of: "USER")
        store.shut()
        ann.send(framed: "CHAT,rec=-ALL,lost")
        ann.send(framed: "PING,,")
        _ = try ann.nextFrame(of: "PONG")
        let start = ContinuousClock.now
        server.server.stop(within: .milliseconds(600))
        #expect(start.duration(to: .now) < .seconds(1))
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
        #expect(stopped.wait(timeout: .now() + 10) == .success)
        #expect(log.lines.contains("error the stores did not close in time"))
        store.open()
    }

    @Test("stopping twice, or before the start, is no harm")
    func twice() throws {
        let server = try TestServer()
        server.server.stop(within: .seconds(1))
        server.server.stop(within: .seconds(1))
        Server(logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }).stop(within: .seconds(1))
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
