internal import ArgumentParser
internal import ChatServer
internal import ChatStorage
internal import ChatSystem
internal import Logging

/// What SIGHUP does: reads all settings and the certificate again, and only if
/// all are right takes over what can change while the server runs.
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
    static let changeable = Set(Setting.limits.map(\.name))
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
        started = try? invocation.parse().settings
        settings = started
    }

    /// Does it, and says in the log what came of it.
    mutating func run() {
        notifier.reloading(monotonicMicroseconds: SystemClock.monotonicMicroseconds)
        do {
            try read()
        } catch {
            let reason = (error as? SettingsError)?.description ?? ServeCommand.message(for: error)
            log.logger.error("everything stays as it was", metadata: ["reason": "\(reason)"])
        }
        notifier.ready(status: "serving")
    }

    /// Everything that can fail comes before anything changes: half a change is
    /// one that nobody asked for.
    private mutating func read() throws {
        let (command, settings) = try invocation.parse()
        let fingerprint = try server.reloadCertificate()
        let changed = changes(in: settings, since: self.settings).filter(Self.changeable.contains)
        apply(command)
        self.settings = settings
        let logger = log.logger
        var metadata: Logger.Metadata = ["changed": "\(changed.joined(separator: ","))"]
        if let fingerprint { metadata["fingerprint"] = "\(fingerprint)" }
        logger.notice("settings read again", metadata: metadata)
        for concern in server.certificateConcerns { logger.warning("\(concern)") }
        let later = changes(in: settings, since: started).filter { !Self.changeable.contains($0) }
        guard !later.isEmpty else { return }
        logger.warning(
            "some settings change only with a restart",
            metadata: ["settings": "\(later.joined(separator: ","))"]
        )
    }

    private func changes(in settings: ServerSettings, since other: ServerSettings?) -> [String] {
        other.map { settings.changes(since: $0, under: invocation.own) } ?? []
    }

    private func apply(_ command: ServeCommand) {
        log.change(to: command.operation.log)
        server.change(to: command.serverConfiguration())
        keep(command.storage.retention)
    }
}
