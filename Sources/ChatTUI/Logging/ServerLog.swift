internal import ChatProtocol
internal import Glibc
internal import Logging
internal import Synchronization

/// The server's log on standard error, whose level and format can change while
/// it runs.
final class ServerLog: Sendable {
    private let settings: Mutex<Settings>
    private let clock: @Sendable () -> Timestamp
    private let write: @Sendable (String) -> Void

    /// How it is written.
    struct Settings: Hashable, Sendable {
        /// What is less is left out.
        var level = Logger.Level.info
        /// How a line looks.
        var format = LogLine.Format.text
    }

    /// - Parameters:
    ///   - settings: How to write.
    ///   - clock: Says when it is.
    ///   - write: Takes one line with its end.
    init(
        _ settings: Settings,
        clock: @escaping @Sendable () -> Timestamp = { SystemClock().now },
        write: @escaping @Sendable (String) -> Void = ServerLog.writeToStandardError
    ) {
        self.settings = Mutex(settings)
        self.clock = clock
        self.write = write
    }

    /// A logger that writes here.
    var logger: Logger {
        Logger(label: "chat-tui") { _ in Handler(log: self) }
    }

    /// What holds now.
    var current: Settings { settings.withLock { $0 } }

    /// Writes otherwise from here on.
    func change(to new: Settings) {
        settings.withLock { $0 = new }
    }

    fileprivate func write(_ event: LogEvent, _ metadata: Logger.Metadata) {
        let line = LogLine(
            time: clock(),
            level: event.level,
            message: event.message.description,
            metadata: metadata.merging(event.metadata ?? [:]) { $1 }
        )
        write(line.written(as: current.format) + "\n")
    }

    /// In one call, so that lines of different threads don't mix.
    private static let writeToStandardError: @Sendable (String) -> Void = { line in
        let bytes = Array(line.utf8)
        TerminalGuard.write(bytes, bytes.count, to: STDERR_FILENO)
    }

    private struct Handler: LogHandler {
        let log: ServerLog
        var metadata: Logger.Metadata = [:]
        /// One for all copies, so that a change reaches them.
        var logLevel: Logger.Level {
            get { log.current.level }
            set { log.settings.withLock { $0.level = newValue } }
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
