internal import ChatServer
internal import Glibc

/// What the service manager that started us, if one did, gave and wants.
struct ServiceEnvironment {
    /// The way to it.
    let notifier: ServiceNotifier
    /// Listening sockets that it opened for us.
    let sockets: [Int32]

    /// Reads its variables and removes them, so that no program that we start sees them.
    init() {
        var environment: [String: String] = [:]
        for name in ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"] {
            environment[name] = Environment[name]
            unsetenv(name)
        }
        notifier = ServiceNotifier(environment: environment, processID: getpid())
        sockets = InheritedSockets.descriptors(environment: environment, processID: getpid())
    }

    /// Says that the server takes connections, and from then on that it is alive.
    func started(_ server: Server, _ listening: ListeningAddresses) {
        notifier.ready(status: "listening on \(listening.reachable.map(\.description).joined(separator: ", "))")
        guard let interval = notifier.watchdogMicroseconds else { return }
        let notifier = notifier
        // Twice as often as is asked for; from the event loop, because a server
        // whose event loop stands still is not alive.
        server.heartbeat(every: .microseconds(interval / 2)) { notifier.alive() }
    }
}
