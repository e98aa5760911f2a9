internal import ArgumentParser
internal import ChatServer
internal import Logging

/// The options for monitoring a server.
struct OperationOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Leave out of the log what matters less.",
            discussion: "Who logs in, is refused, is kicked or changes an account is a notice.",
            valueName: "level"
        )
    )
    var logLevel = LogLevelArgument(level: .info)

    @Option(help: ArgumentHelp("How the log is written: text, or json for one object a line.", valueName: "format"))
    var logFormat = LogLine.Format.text

    @Option(
        help: ArgumentHelp(
            "Answer /healthz, /readyz and /metrics over HTTP here: a path of a unix socket, or HOST:PORT on loopback.",
            valueName: "address"
        )
    )
    var adminListen: AdminAddressArgument?

    /// The settings of the log.
    var log: ServerLog.Settings {
        ServerLog.Settings(level: logLevel.level, format: logFormat)
    }
}

/// A log level on the command line.
struct LogLevelArgument: ExpressibleByArgument {
    let level: Logger.Level

    static var allValueStrings: [String] { Logger.Level.allCases.map(\.rawValue) }

    var defaultValueDescription: String { level.rawValue }

    init(level: Logger.Level) {
        self.level = level
    }

    init?(argument: String) {
        guard let level = Logger.Level(rawValue: argument) else { return nil }
        self.level = level
    }
}

extension LogLine.Format: ExpressibleByArgument {}

/// The address of the operator's endpoint, on the command line.
struct AdminAddressArgument: ExpressibleByArgument {
    let address: AdminAddress

    init?(argument: String) {
        guard let address = AdminAddress(argument) else { return nil }
        self.address = address
    }
}

extension Setting {
    /// The settings for monitoring a server.
    static let operation = [
        choice("log-level", default: Logger.Level.info),
        choice("log-format", default: LogLine.Format.text),
        value(
            "admin-listen",
            allowed: "the path of a unix socket, or HOST:PORT on loopback",
            pathPrefix: "unix:"
        ) {
            AdminAddress($0) != nil
        },
    ]
}
