internal import Logging
internal import NIOConcurrencyHelpers

/// Keeps what a server logs, each line as `level message nickname reason`.
final class RecordedLog: Sendable {
    private let recorded = NIOLockedValueBox<[String]>([])

    /// The lines so far.
    var lines: [String] { recorded.withLockedValue { $0 } }

    /// A logger that writes here, everything.
    var logger: Logger {
        var logger = Logger(label: "test") { [recorded] _ in Handler(recorded: recorded) }
        logger.logLevel = .trace
        return logger
    }

    private struct Handler: LogHandler {
        let recorded: NIOLockedValueBox<[String]>
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let told = ["nickname", "reason"].compactMap { key in event.metadata?[key].map { " \($0)" } }.joined()
            recorded.withLockedValue { $0.append("\(event.level) \(event.message)\(told)") }
        }
    }
}
