internal import ChatServer
internal import ChatTestSupport
internal import Foundation
internal import Testing

@Suite("Talking to the service manager")
struct ServiceNotifierTests {
    @Test("says ready, alive and stopping to the socket that the manager named")
    func notifies() throws {
        let manager = DatagramSocket(path: "/tmp/chat-tui-notify-\(UUID().uuidString)")
        let notifier = ServiceNotifier(environment: ["NOTIFY_SOCKET": manager.path], processID: 1)
        notifier.ready(status: "listening")
        notifier.alive()
        notifier.stopping()
        for expected in ["READY=1\nSTATUS=listening", "WATCHDOG=1", "STOPPING=1\nSTATUS=closing"] {
            #expect(manager.receiveIfAny() == expected)
        }
    }

    @Test(
        "a watchdog is kept only by the process that it is meant for",
        arguments: [
            (["WATCHDOG_USEC": "3000000"], 3_000_000),
            (["WATCHDOG_USEC": "3000000", "WATCHDOG_PID": "7"], 3_000_000),
            (["WATCHDOG_USEC": "3000000", "WATCHDOG_PID": "8"], nil),
            (["WATCHDOG_USEC": "0"], nil),
            (["WATCHDOG_USEC": "soon"], nil),
            ([:], nil),
        ] as [([String: String], Int64?)]
    )
    func watchdog(environment: [String: String], microseconds: Int64?) {
        #expect(ServiceNotifier(environment: environment, processID: 7).watchdogMicroseconds == microseconds)
    }

    @Test(
        "sockets are inherited only by the process that they are meant for",
        arguments: [
            (["LISTEN_PID": "8", "LISTEN_FDS": "1"], 0),
            (["LISTEN_FDS": "1"], 0),
            (["LISTEN_PID": "7", "LISTEN_FDS": "-1"], 0),
            (["LISTEN_PID": "7", "LISTEN_FDS": "9999999999"], 0),
            (["LISTEN_PID": "7", "LISTEN_FDS": "2"], 2),
        ] as [([String: String], Int)]
    )
    func inherited(environment: [String: String], count: Int) {
        #expect(InheritedSockets.descriptors(environment: environment, processID: 7).count == count)
    }
}
