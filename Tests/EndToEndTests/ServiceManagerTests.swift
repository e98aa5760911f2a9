internal import ChatProtocol
internal import ChatTestSupport
internal import Foundation
internal import Testing

extension EndToEnd {
    @Suite("Under a service manager")
    struct ServiceManagerTests {
        let home: ScratchFolder

        init() throws {
            home = try ScratchFolder()
        }

        @Test("says that it is ready, alive, reloading and stopping, in this order")
        func notify() throws {
            let manager = DatagramSocket(path: "\(home.path)/notify")
            let process = try Executable.start(
                ["serve", "--host", "127.0.0.1", "--port", "0", "--ephemeral"],
                home: home,
                environment: ["NOTIFY_SOCKET": manager.path, "WATCHDOG_USEC": "100000"]
            )
            func next(_ start: String) throws -> String {
                while true {
                    let message = try manager.receive()
                    if message.hasPrefix(start) { return message }
                    // Nothing but signs of life may come between.
                    try #require(message == "WATCHDOG=1")
                }
            }
            #expect(try next("READY=1").contains("STATUS=listening on 127.0.0.1:"))
            for _ in 0..<3 { _ = try next("WATCHDOG=1") }
            process.signal(SIGHUP)
            #expect(try next("RELOADING=1").contains("MONOTONIC_USEC="))
            _ = try next("READY=1")
            // A process that stands still gives no sign of life.
            try process.stop()
            while manager.receiveIfAny() != nil {}
            process.signal(SIGCONT)
            _ = try next("WATCHDOG=1")
            process.signal(SIGTERM)
            _ = try next("STOPPING=1")
            #expect(try process.end() == 0)
        }

        @Test("serves on the socket that it is handed, whatever host and port say", .enabled(if: Loopback.hasIPv6))
        func activation() throws {
            let listening = socket(AF_INET6, Int32(SOCK_STREAM.rawValue), 0)
            defer { close(listening) }
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            var size = socklen_t(MemoryLayout<sockaddr_in6>.size)
            withUnsafeMutablePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    #expect(bind(listening, $0, size) == 0)
                    #expect(listen(listening, 16) == 0)
                    getsockname(listening, $0, &size)
                }
            }
            let port = Int(in_port_t(bigEndian: address.sin6_port))
            // Before anybody serves there: the connection waits.
            let peer = try RawPeer(port: port)
            let process = try ChildProcess(
                "/bin/sh",
                ["-c", "LISTEN_PID=$$ LISTEN_FDS=1 exec \"$0\" serve --port 1 --ephemeral", Executable.path],
                environment: Executable.environment(home: home.path),
                handing: listening
            )
            #expect(try peer.logIn("ann") == "OK")
            // An IPv4 peer has its IPv4 address.
            try eventually("the login is not in the log") {
                process.standardError.contains("login address=127.0.0.1 ") ? () : nil
            }
            process.signal(SIGTERM)
            #expect(try process.end() == 0)
        }

        @Test("a socket that is none is one clear line and exit code 1")
        func noSocket() throws {
            let process = try ChildProcess(
                "/bin/sh",
                ["-c", "LISTEN_PID=$$ LISTEN_FDS=1 exec \"$0\" serve --ephemeral 3</dev/null", Executable.path],
                environment: Executable.environment(home: home.path)
            )
            #expect(try process.end() == 1)
            #expect(process.standardError.contains("Error: file 3, handed over to listen on, is no listening socket"))
        }
    }
}
