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

    func validate() throws {
        try check(connections, "connections", 0...1_000_000)
        try check(connectionsPerAddress, "connections-per-address", 0...1_000_000)
        try check(newConnectionsPerMinute, "new-connections-per-minute", 0...1_000_000)
        try check(loginSeconds, "login-seconds", 5...86_400)
        try check(loginBytes, "login-bytes", 1024...1_048_576)
        try check(messageBytes, "message-bytes", 256...Limits.chatTextBytes)
        try check(requestBurst, "request-burst", 1...100_000)
        try check(requestsPerSecond, "requests-per-second", 0...100_000)
        try check(refreshesPerSecond, "refreshes-per-second", 0...100_000)
        try check(softQueueKib, "soft-queue-kib", 16...1_048_576)
        try check(hardQueueKib, "hard-queue-kib", 64...1_048_576)
        try check(stuckSeconds, "stuck-seconds", 1...3600)
        try check(totalQueueMib, "total-queue-mib", 1...1_048_576)
        guard softQueueKib <= hardQueueKib else {
            throw ValidationError("--soft-queue-kib is above --hard-queue-kib.")
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

    private func check<Number: Comparable>(
        _ value: Number,
        _ name: String,
        _ range: ClosedRange<Number>
    ) throws {
        guard range.contains(value) else {
            throw ValidationError("--\(name) is between \(range.lowerBound) and \(range.upperBound), not \(value).")
        }
    }
}
