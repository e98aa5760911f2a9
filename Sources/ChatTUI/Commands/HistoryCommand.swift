internal import ArgumentParser
internal import ChatServerCore
internal import ChatStorage
internal import ChatSystem

/// `chat-tui history`: shows the history to whoever runs the server.
struct HistoryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Export, search and prune what was said.",
        discussion: """
            Works on the data directory, beside a running server or without one. Private messages are left out \
            unless asked for: their senders mean them for one person. Times are local; --utc writes UTC.

            Examples:
              chat-tui history export > chat.txt
              chat-tui history export --format json | jq -r .text
              chat-tui history search 'release "next week"'
              chat-tui history search from:ann 'deploy*' --limit 20
              chat-tui history prune --keep-days 365

            Exit codes: 0 done; 1 not done, and why; 64 wrong usage.
            """,
        subcommands: [Export.self, Search.self, Prune.self]
    )

    /// The output format of records.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text
        case json

        func line(_ record: HistoryRecord, times: TimeOptions) -> String {
            switch self {
            case .text: HistoryLine.text(record, times: times)
            case .json: HistoryLine.json(record, times: times)
            }
        }
    }

    /// The options that `export` and `search` share.
    struct Reading: ParsableArguments {
        @Option(help: "text: a line each; json: a JSON object a line.")
        var format = Format.text

        @Flag(name: .customLong("private"), help: "Private messages, too.")
        var includesPrivate = false

        @OptionGroup
        var times: TimeOptions

        @OptionGroup
        var dataOptions: DataOptions

        /// Opens the history, runs `body`, and reports what went wrong.
        func withArchive(_ body: (HistoryArchive) throws -> Void) throws {
            do {
                try body(try HistoryArchive(try dataOptions.directory()))
            } catch let error as StorageError {
                throw CommandFailure("\(error)")
            }
        }
    }

    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write everything, oldest first.",
            discussion: """
                Examples:
                  chat-tui history export > chat.txt
                  chat-tui history export --format json --infos | jq -r .text
                """
        )

        @Flag(name: .customLong("infos"), help: "Who came and went, too.")
        var includesInfos = false

        @OptionGroup
        var reading: Reading

        func run() throws {
            try reading.withArchive { archive in
                var output = LineOutput()
                try archive.forEach(
                    includesPrivate: reading.includesPrivate,
                    includesInfos: includesInfos
                ) { try output.write(reading.format.line($0, times: reading.times)) }
                try output.flush()
            }
        }
    }

    struct Search: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Find messages by their words.",
            discussion: """
                All words have to occur, in any order; upper and lower case and accents don't count. \
                "Two words" in quotation marks have to stand beside each other, wor* is the beginning of a word, \
                from:ann says who wrote it.

                Examples:
                  chat-tui history search 'release "next week"'
                  chat-tui history search from:ann 'deploy*' --limit 20
                """
        )

        @Argument(help: "What to look for.")
        var query: [String]

        @Option(help: "At most so many, the latest.")
        var limit = 100

        @OptionGroup
        var reading: Reading

        func validate() throws {
            guard limit > 0 else { throw ValidationError("--limit has to be above zero.") }
            guard SearchQuery(query.joined(separator: " ")) != nil else {
                throw ValidationError("There is no word to look for.")
            }
        }

        func run() throws {
            guard let query = SearchQuery(query.joined(separator: " ")) else { return }
            try reading.withArchive { archive in
                var output = LineOutput()
                let found = try archive.search(query, includesPrivate: reading.includesPrivate, limit: limit)
                for record in found { try output.write(reading.format.line(record, times: reading.times)) }
                try output.flush()
            }
        }
    }

    struct Prune: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Delete old messages, for ever.",
            discussion: """
                What is not named is bounded as serve bounds it by default. The file does not shrink; what comes \
                later takes the space.

                Examples:
                  chat-tui history prune --keep-days 365
                  chat-tui history prune --keep-messages 100000
                """
        )

        @Option(
            help: ArgumentHelp("Keep at most so many messages, and as many private ones.", valueName: "count"),
            transform: Setting.keepMessages.number
        )
        var keepMessages: Int64?

        @Option(
            help: ArgumentHelp("Delete what is older than so many days.", valueName: "days"),
            transform: Setting.keepDays.number
        )
        var keepDays: Int64?

        @OptionGroup
        var dataOptions: DataOptions

        func validate() throws {
            guard keepMessages != nil || keepDays != nil else {
                throw ValidationError("Say what to keep: --keep-messages or --keep-days.")
            }
        }

        func run() throws {
            let directory = try dataOptions.directory()
            do {
                let count = try HistoryPruning.prune(
                    directory,
                    retention: .keeping(messages: keepMessages, days: keepDays),
                    now: SystemClock.unixMilliseconds
                )
                print("\(count) records deleted.")
            } catch {
                throw CommandFailure("\(error)")
            }
        }
    }
}

extension Retention {
    /// The standard retention with some limits replaced.
    static func keeping(messages: Int64?, days: Int64?) -> Retention {
        var retention = Retention.standard
        if let messages { retention.messages.count = messages }
        if let seconds = days.map({ $0 * 86_400 }) {
            retention.messages.seconds = seconds
            retention.infos.seconds = min(seconds, retention.infos.seconds ?? seconds)
        }
        return retention
    }
}
