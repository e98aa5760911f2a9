internal import ArgumentParser
internal import ChatProtocol
internal import ChatServer
internal import ChatServerCore
internal import NIOCore

/// The limits on what clients may use of a server.
struct LimitOptions: ParsableArguments {
    @Option(
        help: Setting.connections.help("The most connections; 0 for as many as the system allows."),
        transform: Setting.connections.number
    )
    var connections = 0

    @Option(
        help: Setting.connectionsPerAddress.help(
            "The most connections of one address at a time; 0 for any number.",
            "An IPv6 network of 64 bits counts as one address, and so does everybody behind one router."
        ),
        transform: Setting.connectionsPerAddress.number
    )
    var connectionsPerAddress = ServerLimits().connectionsPerAddress ?? 0

    @Option(
        help: Setting.newConnectionsPerMinute.help(
            "How many connections one address may open in a minute; 0 for any number."
        ),
        transform: Setting.newConnectionsPerMinute.number
    )
    var newConnectionsPerMinute = 120

    @Option(
        help: Setting.loginSeconds.help("How long a connection may wait before it logs in.", valueName: "seconds"),
        transform: Setting.loginSeconds.number
    )
    var loginSeconds = 120

    @Option(
        help: Setting.loginBytes.help("How many bytes a connection may send before it has logged in."),
        transform: Setting.loginBytes.number
    )
    var loginBytes = ServerLimits().loginBytes

    @Option(
        help: Setting.messageBytes.help("The longest message in bytes."),
        transform: Setting.messageBytes.number
    )
    var messageBytes = Limits.chatTextBytes

    @Option(
        help: Setting.requestBurst.help(
            "How many requests of one connection are taken at once.",
            "A connection that asks for more is listened to more slowly; nothing is lost."
        ),
        transform: Setting.requestBurst.number
    )
    var requestBurst = 30

    @Option(
        help: Setting.requestsPerSecond.help(
            "How many of its requests are answered each second after that; 0 for any number."
        ),
        transform: Setting.requestsPerSecond.number
    )
    var requestsPerSecond = 5.0

    @Option(
        help: Setting.refreshesPerSecond.help(
            "How many pages of history of one connection each second, 20 at once; 0 for any number."
        ),
        transform: Setting.refreshesPerSecond.number
    )
    var refreshesPerSecond = 2.0

    @Option(
        help: Setting.softQueueKib.help("Above so many waiting kibibytes a client is not read from."),
        transform: Setting.softQueueKib.number
    )
    var softQueueKib = ServerLimits().softOutputBytes / 1024

    @Option(
        help: Setting.hardQueueKib.help(
            "Above so many waiting kibibytes a client is closed as too slow; it comes back and misses nothing."
        ),
        transform: Setting.hardQueueKib.number
    )
    var hardQueueKib = ServerLimits().hardOutputBytes / 1024

    @Option(
        help: Setting.stuckSeconds.help(
            "After so long without taking anything a client is closed.",
            valueName: "seconds"
        ),
        transform: Setting.stuckSeconds.number
    )
    var stuckSeconds = 30

    @Option(
        help: Setting.totalQueueMib.help(
            "How many mebibytes may wait for all clients; above that, those for whom most waits are closed."
        ),
        transform: Setting.totalQueueMib.number
    )
    var totalQueueMib = ServerLimits().totalOutputBytes / 1_048_576

    @Flag(
        help: ArgumentHelp(
            "Lift all bounds on what one client may ask for, and how fast: for load tests.",
            discussion: "Wrong passwords and changes of passwords are not counted then, either."
        )
    )
    var noLimits = false

    /// A contradiction between options that are valid on their own; nil if there is none.
    var contradiction: Contradiction? {
        guard softQueueKib > hardQueueKib else { return nil }
        return Contradiction { called in
            "\(called("soft-queue-kib")) \(softQueueKib) is above \(called("hard-queue-kib")) \(hardQueueKib)"
        }
    }

    /// The limits in the form that the server uses.
    var limits: ServerLimits {
        var limits = ServerLimits()
        limits.connections = connections > 0 ? connections : nil
        limits.connectionsPerAddress = connectionsPerAddress > 0 ? connectionsPerAddress : nil
        limits.openings =
            newConnectionsPerMinute > 0
            ? TokenBucket.Rate(
                burst: Double(newConnectionsPerMinute),
                perSecond: Double(newConnectionsPerMinute) / 60
            ) : nil
        limits.login = .seconds(Int64(loginSeconds))
        limits.loginInAll = .seconds(Int64(loginSeconds) * 5)
        limits.loginBytes = loginBytes
        limits.requests = RequestBudget.Bounds(
            requests: requestsPerSecond > 0
                ? TokenBucket.Rate(burst: Double(requestBurst), perSecond: requestsPerSecond) : nil,
            refreshes: refreshesPerSecond > 0
                ? TokenBucket.Rate(burst: 20, perSecond: refreshesPerSecond) : nil
        )
        limits.softOutputBytes = softQueueKib * 1024
        limits.hardOutputBytes = hardQueueKib * 1024
        limits.stuck = .seconds(Int64(stuckSeconds))
        limits.totalOutputBytes = totalQueueMib * 1_048_576
        if noLimits { limits.liftPerClient() }
        return limits
    }

    /// Copies the limits into a configuration.
    func apply(to configuration: inout ServerConfiguration) {
        configuration.limits = limits
        configuration.messageBytes = messageBytes
        if noLimits {
            configuration.guesses = nil
            configuration.newPasswords = nil
        }
    }
}

extension Setting {
    static let connections = whole("connections", 0...1_000_000, default: 0)
    static let connectionsPerAddress = whole(
        "connections-per-address",
        0...1_000_000,
        default: ServerLimits().connectionsPerAddress ?? 0
    )
    static let newConnectionsPerMinute = whole("new-connections-per-minute", 0...1_000_000, default: 120)
    static let loginSeconds = whole("login-seconds", 5...86_400, default: 120)
    static let loginBytes = whole("login-bytes", 1024...1_048_576, default: ServerLimits().loginBytes)
    static let messageBytes = whole("message-bytes", 256...Limits.chatTextBytes, default: Limits.chatTextBytes)
    static let requestBurst = whole("request-burst", 1...100_000, default: 30)
    static let requestsPerSecond = fraction("requests-per-second", 0...100_000, default: 5)
    static let refreshesPerSecond = fraction("refreshes-per-second", 0...100_000, default: 2)
    static let softQueueKib = whole("soft-queue-kib", 16...1_048_576, default: ServerLimits().softOutputBytes / 1024)
    static let hardQueueKib = whole("hard-queue-kib", 64...1_048_576, default: ServerLimits().hardOutputBytes / 1024)
    static let stuckSeconds = whole("stuck-seconds", 1...3600, default: 30)
    static let totalQueueMib = whole(
        "total-queue-mib",
        1...1_048_576,
        default: ServerLimits().totalOutputBytes / 1_048_576
    )
    static let noLimits = flag("no-limits")

    /// The settings for what clients may use of a server.
    static let limits = [
        connections, connectionsPerAddress, newConnectionsPerMinute, loginSeconds, loginBytes, messageBytes,
        requestBurst, requestsPerSecond, refreshesPerSecond, softQueueKib, hardQueueKib, stuckSeconds, totalQueueMib,
        noLimits,
    ]
}
