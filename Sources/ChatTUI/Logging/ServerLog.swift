internal import ChatProtocol
internal import Logging
internal import Synchronization

/// The server's log on standard error; its level and format can change while it runs.
final class ServerLog: Sendable {
    private let shared: Shared
    private let clock: @Sendable () -> Timestamp
    private let output: LogOutput

    /// The settings of the log.
    struct Settings: Hashable, Sendable {
        /// The lowest level that is written.
        var level = Logger.Level.info
        /// The format of a line.
        var format = LogLine.Format.text
    }

    /// The current settings, shared by all loggers.
    private final class Shared: Sendable {
        let settings: Mutex<Settings>

        init(_ settings: Settings) {
            self.settings = Mutex(settings)
        }
    }

    /// - Parameters:
    ///   - settings: The settings to start with.
    ///   - clock: Returns the current time.
    ///   - sink: Writes one line with its line end, on a thread where it may wait.
    init(
        _ settings: Settings,
        clock: @escaping @Sendable () -> Timestamp = { MachineClock().now },
        sink: @escaping @Sendable (String) -> Void = LogOutput.writeToStandardError
    ) {
        let shared = Shared(settings)
        self.shared = shared
        self.clock = clock
        output = LogOutput(sink: sink) { lost in
            let line = LogLine(
                time: clock(),
                level: .warning,
                message: "the log was not read: lines are missing",
                metadata: ["count": "\(lost)"]
            )
            return line.written(as: shared.settings.withLock { $0.format }) + "\n"
        }
    }

    /// A logger that writes to this log.
    var logger: Logger {
        Logger(label: "chat-tui") { _ in Handler(log: self) }
    }

    /// The current settings.
    var current: Settings { shared.settings.withLock { $0 } }

    /// Changes the settings from now on.
    func change(to new: Settings) {
        shared.settings.withLock { $0 = new }
    }

    fileprivate func write(_ event: LogEvent, _ metadata: Logger.Metadata) {
        let line = LogLine(
            time: clock(),
            level: event.level,
            message: event.message.description,
            metadata: metadata.merging(event.metadata ?? [:]) { $1 }
        )
        output.write(line.written(as: current.format) + "\n")
    }

    /// Waits a moment until the remaining lines are written; called when the program ends.
    func finish() {
        output.flush(within: 1000)
    }

    private struct Handler: LogHandler {
        let log: ServerLog
        var metadata: Logger.Metadata = [:]
        /// Shared by all copies of a logger, so that a change reaches all of them.
        var logLevel: Logger.Level {
            get { log.current.level }
            set { log.shared.settings.withLock { $0.level = newValue } }
        }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            log.write(event, metadata)
        }
    }
}
