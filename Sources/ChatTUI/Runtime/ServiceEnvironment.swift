internal import ChatServer
internal import Glibc

/// What the service manager that started us provides and expects, if there is one.
struct ServiceEnvironment {
    /// Sends messages to the service manager.
    let notifier: ServiceNotifier
    /// The listening sockets that the service manager opened for us.
    let sockets: [Int32]

    /// Reads the service manager's variables and removes them, so that programs that we start don't see them.
    init() {
        var environment: [String: String] = [:]
        for name in ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"] {
            environment[name] = Environment[name]
            unsetenv(name)
        }
        notifier = ServiceNotifier(environment: environment, processID: getpid())
        sockets = InheritedSockets.descriptors(environment: environment, processID: getpid())
    }

    /// Reports that the server accepts connections, and from then on that it is alive.
    func started(_ server: Server, _ listening: ListeningAddresses) {
        notifier.ready(status: "listening on \(listening.reachable.map(\.description).joined(separator: ", "))")
        guard let interval = notifier.watchdogMicroseconds else { return }
        let notifier = notifier
        // Twice as often as required, and from the event loop: if the event loop hangs, the server must not count as
        // alive.
        server.heartbeat(every: .microseconds(interval / 2)) { notifier.alive() }
    }
}
