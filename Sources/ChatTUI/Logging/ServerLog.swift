internal import ChatProtocol
internal import Logging
internal import Synchronization

/// The server's log on standard error, whose level and format can change while
/// it runs.
final class ServerLog: Sendable {
    private let shared: Shared
    private let clock: @Sendable () -> Timestamp
    private let output: LogOutput

    /// How it is written.
    struct Settings: Hashable, Sendable {
        /// What is less is left out.
        var level = Logger.Level.info
        /// How a line looks.
        var format = LogLine.Format.text
    }

    /// What holds now, for all who need to know.
    private final class Shared: Sendable {
        let settings: Mutex<Settings>

        init(_ settings: Settings) {
            self.settings = Mutex(settings)
        }
    }

    /// - Parameters:
    ///   - settings: How to write.
    ///   - clock: Says when it is.
    ///   - sink: Takes one line with its end, on a thread where it may wait.
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

    /// A logger that writes here.
    var logger: Logger {
        Logger(label: "chat-tui") { _ in Handler(log: self) }
    }

    /// What holds now.
    var current: Settings { shared.settings.withLock { $0 } }

    /// Writes otherwise from here on.
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

    /// Waits a moment for what is not written yet; for the end of the program.
    func finish() {
        output.flush(within: 1000)
    }

    private struct Handler: LogHandler {
        let log: ServerLog
        var metadata: Logger.Metadata = [:]
        /// One for all copies, so that a change reaches them.
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
