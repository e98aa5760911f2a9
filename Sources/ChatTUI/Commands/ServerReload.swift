internal import ArgumentParser
internal import ChatServer
internal import ChatStorage
internal import ChatSystem
internal import Logging

/// Handles SIGHUP: reads all settings and the certificate again.
///
/// Only if everything is valid, it applies what can change while the server runs.
struct ServerReload {
    /// The settings at the start, which are still in force for everything that needs a restart.
    private let started: ServerSettings?
    private var settings: ServerSettings?
    private let invocation: ServerInvocation<ServeCommand>
    private let server: Server
    private let log: ServerLog
    private let keep: @Sendable (Retention) -> Void
    private let notifier: ServiceNotifier

    /// The settings that can change while the server runs; for any other change the log says that a restart is needed.
    static let changeable = Set(Setting.limits.map(\.name))
        .union(["keep-days", "keep-messages", "log-format", "log-level", "registration"])

    init(
        invocation: ServerInvocation<ServeCommand>,
        started: ServerSettings?,
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
        self.started = started
        settings = started
    }

    /// Reloads, and logs the result.
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

    /// Reads and applies the settings.
    ///
    /// Everything that can fail happens before anything is changed, so that no reload is applied by half.
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
