internal import ArgumentParser
internal import ChatProtocol
internal import ChatServer
internal import ChatServerCore
internal import ChatStorage

/// How `serve` and `host` store messages and accounts.
struct StorageOptions: ParsableArguments {
    @OptionGroup
    var dataOptions: DataOptions

    @Flag(
        help: ArgumentHelp(
            "Keep everything in memory only, and write nothing.",
            discussion: """
                A certificate that the server makes itself is a new one each time then, of which everybody who comes \
                back is warned.
                """
        )
    )
    var ephemeral = false

    @Option(
        help: Setting.keepMessages.help(
            "Keep at most so many messages, and as many private ones.",
            "The oldest go first. Joins and leaves are counted apart: 100,000 of the last 90 days.",
            valueName: "count"
        ),
        transform: Setting.keepMessages.number
    )
    var keepMessages = Retention.standard.messages.count

    @Option(
        help: Setting.keepDays.help("Delete what is older than so many days.", valueName: "days"),
        transform: Setting.keepDays.number
    )
    var keepDays: Int64?

    @Option(
        help: ArgumentHelp(
            "When the disk is told to write: second or commit.",
            discussion: """
                A crash of the server loses nothing either way. A power cut costs up to a second of the chat, or \
                with commit nothing at all; then every message waits for the disk.
                """
        )
    )
    var flush = FlushArgument.second

    /// A contradiction between options that are valid on their own; nil if there is none.
    var contradiction: Contradiction? {
        guard ephemeral, dataOptions.data != nil else { return nil }
        return Contradiction { called in "\(called("ephemeral")) and \(called("data")) exclude each other" }
    }

    /// How much history to keep.
    var retention: Retention { .keeping(messages: keepMessages, days: keepDays) }

    /// Opens the stores.
    ///
    /// - Parameters:
    ///   - users: Users who get an account if they have none.
    ///   - hasOperator: Whether the person who runs the server is in the chat and so its admin.
    ///   - warn: Called with lines for the operator, now and while the server runs.
    /// - Throws: ``CommandFailure`` with the directory and the reason.
    func open(
        users: [RegisteredUser],
        hasOperator: Bool = false,
        warn: @escaping StorageWarning = { _ in }
    ) throws(CommandFailure) -> OpenStores {
        guard !ephemeral else {
            let accounts = InMemoryAccountStore(users: users)
            var notices = Self.notices(accounts.users, users: users)
            if accounts.users.added.isEmpty, !hasOperator { notices.append("No admin: name some with --users.") }
            return OpenStores(
                messages: InMemoryMessageStore(),
                accounts: accounts,
                bans: InMemoryBanStore(),
                directory: nil,
                notices: notices
            )
        }
        let directory = try dataOptions.directory()
        do {
            let storage = try ServerStorage(
                directory,
                configuration: StorageConfiguration(flush: flush.flush, retention: retention),
                users: users,
                warn: warn
            )
            return OpenStores(
                messages: storage.messages,
                accounts: storage.accounts,
                bans: storage.bans,
                directory: directory.path,
                notices: Self.notices(storage.users, users: users)
                    + (storage.hasAdmin || hasOperator ? [] : [adviceToAddAdmin]),
                keep: storage.messages.keep
            )
        } catch {
            throw CommandFailure("\(error)")
        }
    }

    private var adviceToAddAdmin: String {
        let data = dataOptions.data.map { " --data '\($0)'" } ?? ""
        return "No admin yet. To make one: chat-tui account add NICKNAME --role admin\(data)"
    }

    private static func notices(_ outcome: RegistrationOutcome, users: [RegisteredUser]) -> [String] {
        let admins = Set(users.filter { $0.role == .admin }.map(\.nickname.key))
        // Somebody else may have registered the nickname before.
        var notices = outcome.existing
            .filter { $0.role != .admin && admins.contains($0.nickname.key) }
            .map { "\($0.nickname.text) was registered before, as a member, and stays one." }
        notices += outcome.weak.map {
            "\($0.nickname.text) has a weak password, shorter than \(Limits.passwordMinimumCharacters) characters."
        }
        return notices + outcome.obstacles.map { "\($0), and was left out." }
    }
}

/// When data is written to the disk, as a value on the command line.
enum FlushArgument: String, ExpressibleByArgument, CaseIterable {
    case second
    case commit

    var flush: StorageConfiguration.Flush { self == .second ? .second : .commit }
}

/// The stores of a server, and what its operator should know about them.
struct OpenStores {
    let messages: any MessageStore
    let accounts: any AccountStore
    let bans: any BanStore
    /// The data directory; nil if nothing is stored on disk.
    let directory: String?
    let notices: [String]
    /// Changes how much history is kept from now on.
    var keep: @Sendable (Retention) -> Void = { _ in }

    /// Closes the stores; a server that was started does this itself.
    func close() {
        messages.close()
        accounts.close()
        bans.close()
    }
}

extension Setting {
    static let keepMessages = whole(
        "keep-messages",
        0...Int.max,
        default: Int(clamping: Retention.standard.messages.count)
    )
    static let keepDays = whole("keep-days", 1...36_500)

    /// The settings for how messages and accounts are stored.
    static let storage = [
        text("data"), flag("ephemeral"), keepMessages, keepDays, choice("flush", default: FlushArgument.second),
    ]
}
