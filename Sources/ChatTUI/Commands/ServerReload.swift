internal import ArgumentParser
internal import ChatServer
internal import ChatStorage
internal import Glibc
internal import Logging

/// What SIGHUP does: reads all settings again, and only if they are right takes
/// over what can change while the server runs.
struct ServerReload {
    /// As they were at the start: what can't change is so still.
    private let started: ServerSettings?
    private var settings: ServerSettings?
    private let invocation: ServerInvocation<ServeCommand>
    private let server: Server
    private let log: ServerLog
    private let keep: @Sendable (Retention) -> Void
    private let notifier: ServiceNotifier

    /// What can change while the server runs; everything else is said to need a restart.
    static let changeable = Set(Setting.all(of: LimitOptions.self).map(\.name))
        .union(["keep-days", "keep-messages", "log-format", "log-level", "registration"])

    init(
        invocation: ServerInvocation<ServeCommand>,
        server: Server,
        log: ServerLog,
        keep: @escaping @Sendable (Retention) -> Void,
        notifier: ServiceNotifier
    ) {
        self.invocation = invocation
        self.server = server
        self.log = log
        self.keep = keep
        self.notifier = notifier
        started = try? invocation.read()
        settings = started
    }

    /// Does it, and says in the log what came of it.
    mutating func run() {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        notifier.reloading(monotonicMicroseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
        readSettings()
        // Whatever became of the settings: a renewed certificate is wanted soon.
        server.reloadCertificate()
        notifier.ready(status: "serving")
    }

    private mutating func readSettings() {
        let logger = log.logger
        do {
            let (command, settings) = try invocation.parse()
            let changes = self.settings.map { settings.changes(since: $0, under: invocation.own) } ?? []
            apply(command)
            self.settings = settings
            logger.notice("settings read again", metadata: ["changed": "\(changes.joined(separator: ","))"])
            let sinceStart = started.map { settings.changes(since: $0, under: invocation.own) } ?? []
            let later = sinceStart.filter { !Self.changeable.contains($0) }
            guard !later.isEmpty else { return }
            logger.warning(
                "some settings change only with a restart",
                metadata: ["settings": "\(later.joined(separator: ","))"]
            )
        } catch {
            let reason = (error as? SettingsError)?.description ?? ServeCommand.message(for: error)
            logger.error("the settings stay as they were", metadata: ["reason": "\(reason)"])
        }
    }

    private func apply(_ command: ServeCommand) {
        log.change(to: command.operation.log)
        server.change(to: command.serverConfiguration())
        keep(command.storage.retention)
    }
}

extension ServerInvocation {
    /// How this process was started.
    static var ofThisProcess: ServerInvocation {
        ServerInvocation(own: Array(CommandLine.arguments.dropFirst(2)), environment: Environment.own)
    }
}
