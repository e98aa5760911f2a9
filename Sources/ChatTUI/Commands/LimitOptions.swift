internal import ArgumentParser
internal import ChatProtocol
internal import ChatServer
internal import ChatServerCore
internal import NIOCore

/// How much a server takes from and keeps for its clients.
struct LimitOptions: ParsableArguments {
    @Option(help: "The most connections; 0 for as many as the system allows.")
    var connections = 0

    @Option(
        help: ArgumentHelp(
            "The most connections of one address at a time; 0 for any number.",
            discussion: "An IPv6 network of 64 bits counts as one address, and so does everybody behind one router."
        )
    )
    var connectionsPerAddress = ServerLimits().connectionsPerAddress ?? 0

    @Option(
        help: ArgumentHelp("How many connections one address may open in a minute; 0 for any number.")
    )
    var newConnectionsPerMinute = 120

    @Option(help: ArgumentHelp("How long a connection may wait before it logs in.", valueName: "seconds"))
    var loginSeconds = 120

    @Option(help: "How many bytes a connection may send before it has logged in.")
    var loginBytes = ServerLimits().loginBytes

    @Option(help: "The longest message in bytes.")
    var messageBytes = Limits.chatTextBytes

    @Option(
        help: ArgumentHelp(
            "How many requests of one connection are taken at once.",
            discussion: "A connection that asks for more is listened to more slowly; nothing is lost."
        )
    )
    var requestBurst = 30

    @Option(help: "How many more of them each second; 0 for any number.")
    var requestsPerSecond = 5.0

    @Option(help: "How many pages of history of one connection each second, 20 at once; 0 for any number.")
    var refreshesPerSecond = 2.0

    @Option(help: "Above so many waiting kibibytes a client is not read from.")
    var softQueueKib = ServerLimits().softOutputBytes / 1024

    @Option(help: "Above so many waiting kibibytes a client is closed as too slow; it comes back and misses nothing.")
    var hardQueueKib = ServerLimits().hardOutputBytes / 1024

    @Option(help: ArgumentHelp("After so long without taking anything a client is closed.", valueName: "seconds"))
    var stuckSeconds = 30

    @Option(help: "Above so many waiting mebibytes over all clients those for whom most waits are closed.")
    var totalQueueMib = ServerLimits().totalOutputBytes / 1_048_576

    @Flag(
        help: ArgumentHelp(
            "Lift all bounds on what one client may ask for, and how fast: for load tests.",
            discussion: "Wrong passwords and changes of passwords are not counted then, either."
        )
    )
    var noLimits = false

    /// The numbers that these take, by name.
    static let bounds: [String: NumberBounds] = [
        "connections": NumberBounds(0...1_000_000),
        "connections-per-address": NumberBounds(0...1_000_000),
        "new-connections-per-minute": NumberBounds(0...1_000_000),
        "login-seconds": NumberBounds(5...86_400),
        "login-bytes": NumberBounds(1024...1_048_576),
        "message-bytes": NumberBounds(256...Limits.chatTextBytes),
        "request-burst": NumberBounds(1...100_000),
        "requests-per-second": NumberBounds(0...100_000, takesFractions: true),
        "refreshes-per-second": NumberBounds(0...100_000, takesFractions: true),
        "soft-queue-kib": NumberBounds(16...1_048_576),
        "hard-queue-kib": NumberBounds(64...1_048_576),
        "stuck-seconds": NumberBounds(1...3600),
        "total-queue-mib": NumberBounds(1...1_048_576),
    ]

    func validate() throws {
        try NumberBounds.check(connections, "connections")
        try NumberBounds.check(connectionsPerAddress, "connections-per-address")
        try NumberBounds.check(newConnectionsPerMinute, "new-connections-per-minute")
        try NumberBounds.check(loginSeconds, "login-seconds")
        try NumberBounds.check(loginBytes, "login-bytes")
        try NumberBounds.check(messageBytes, "message-bytes")
        try NumberBounds.check(requestBurst, "request-burst")
        try NumberBounds.check(requestsPerSecond, "requests-per-second")
        try NumberBounds.check(refreshesPerSecond, "refreshes-per-second")
        try NumberBounds.check(softQueueKib, "soft-queue-kib")
        try NumberBounds.check(hardQueueKib, "hard-queue-kib")
        try NumberBounds.check(stuckSeconds, "stuck-seconds")
        try NumberBounds.check(totalQueueMib, "total-queue-mib")
        guard softQueueKib <= hardQueueKib else {
            throw ValidationError("--soft-queue-kib \(softQueueKib) is above --hard-queue-kib \(hardQueueKib).")
        }
    }

    /// The limits, in the server's terms.
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

    /// Puts them into a configuration.
    func apply(to configuration: inout ServerConfiguration) {
        configuration.limits = limits
        configuration.messageBytes = messageBytes
        if noLimits {
            configuration.guesses = nil
            configuration.newPasswords = nil
        }
    }
}
