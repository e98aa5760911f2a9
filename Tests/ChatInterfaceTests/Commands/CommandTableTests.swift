internal import ChatInterface
internal import ChatProtocol
internal import ChatSession
internal import Testing

/// What becomes of a line.
struct CommandOutcome: Sendable {
    var commands: [SessionCommand] = []
    /// Part of what the screen then shows.
    var shown = ""

    static func sends(_ command: SessionCommand, _ shown: String = "") -> Self {
        Self(commands: [command], shown: shown)
    }

    static func says(_ shown: String) -> Self { Self(shown: shown) }
}

/// A line with its outcome on each kind of server.
struct CommandFixture: CustomTestStringConvertible, Sendable {
    let line: String
    let outcomes: [CommandTableTests.Server: CommandOutcome]
    var testDescription: String { line }

    init(_ line: String, _ ours: CommandOutcome, original: CommandOutcome? = nil, offline: CommandOutcome? = nil) {
        self.line = line
        outcomes = [.ours: ours, .original: original ?? ours, .offline: offline ?? ours]
    }
}

@Suite("Every command with wrong, missing and late arguments, on every kind of server")
struct CommandTableTests {
    enum Server: CaseIterable, Sendable {
        case ours
        case original
        case offline
    }

    private static let noBans = CommandOutcome.says("original kind, which knows no bans")
    private static let notConnected = CommandOutcome.says("You are not connected")
    private static let tooMany = CommandOutcome.says("That is more than /")
    private static let ghost = "ghost, who is not in the list"

    static let fixtures: [CommandFixture] = [
        // /msg
        .init(
            "/msg alice hello there",
            .sends(.say("hello there", to: .user("alice"))),
            offline: .says("Enter again sends it to alice")
        ),
        .init("/msg alice", .says("→ alice ›")),
        .init("/msg", .says("tester ›")),
        .init("/msg ghost", .says("There is nobody called “ghost” here.")),
        .init(
            "/msg ghost hello",
            .sends(.say("hello", to: .user("ghost"))),
            offline: .says("Enter again sends it to ghost")
        ),
        .init("/msg \"\" hello", .says("There is nobody called “” here.")),
        .init("/msg alcie", .says("Did you mean alice?")),
        // /nick
        .init("/nick", .says("NAME is missing: /nick NAME")),
        .init("/nick x", .says("A nickname has 2 to 16 characters.")),
        .init("/nick 1a", .says("A nickname starts with a letter.")),
        .init("/nick tester", .says("You are tester already.")),
        .init("/nick robert", .sends(.update(UpdateRequest(nickname: "robert")))),
        .init("/nick bob smith", .sends(.update(UpdateRequest(nickname: "bob smith")))),
        .init("/nick \"bob smith\" junior", .says("That is more than /nick takes")),
        // /color
        .init("/color", .says("Your color is #FFFFFF.")),
        .init("/color mauve", .says("“mauve” is no color.")),
        .init("/color teal", .sends(.update(UpdateRequest(color: "#1FA896")))),
        .init("/color teal please", tooMany),
        // /password
        .init(
            "/password",
            .says("new password, 8 or more characters"),
            original: .says("original kind, which keeps the passwords it has"),
            offline: notConnected
        ),
        .init("/password s3cret", tooMany),
        // /refresh, /users, /clear, /reconnect, /quit
        .init("/refresh", .sends(.refresh)),
        .init("/refresh now", tooMany),
        .init("/users", .sends(.users, "4 here: "), offline: .says("You are not connected. 4 last seen: ")),
        .init("/users all", tooMany),
        .init("/clear", .says("tester ›")),
        .init("/clear all", tooMany),
        .init("/reconnect", .sends(.reconnectNow)),
        .init("/reconnect home.example", tooMany),
        .init("/quit now", tooMany),
        // /kick
        .init("/kick", .says("NICK is missing: /kick NICK [reason]")),
        .init("/kick \"\"", .says("NICK is missing: /kick NICK [reason]")),
        .init("/kick alice", .says("Kick alice? y kicks"), offline: notConnected),
        .init("/kick alice too loud", .says("Kick alice (too loud)? y kicks"), offline: notConnected),
        .init("/kick tester", .says("You can't kick yourself."), offline: notConnected),
        .init("/kick root", .says("Kick root? y kicks"), offline: notConnected),
        .init(
            "/kick ghost",
            .says("Kick \(ghost)? y kicks"),
            original: .says("ghost is not here."),
            offline: notConnected
        ),
        // /ban
        .init("/ban", .says("NICK is missing: /ban NICK [time] [reason]")),
        .init("/ban alice", .says("Ban alice for 1 day? y bans"), original: noBans, offline: notConnected),
        .init("/ban alice 2h loud", .says("for 2 hours (loud)?"), original: noBans, offline: notConnected),
        .init("/ban alice loud", .says("for 1 day (loud)?"), original: noBans, offline: notConnected),
        .init("/ban ghost forever", .says("Ban \(ghost), for ever?"), original: noBans, offline: notConnected),
        .init("/ban tester", .says("You can't ban yourself."), original: noBans, offline: notConnected),
        .init("/ban root", .says("root is an admin"), original: noBans, offline: notConnected),
        .init("/ban alice 5x", .says("“5x” is no time for a ban.")),
        .init("/ban alice 5", .says("“5” is no time for a ban.")),
        .init("/ban alice -5m", .says("“-5m” is no time for a ban.")),
        .init("/ban alice 1h30m spam", .says("“1h30m” is no time for a ban.")),
        .init("/ban alice 600w", .says("“600w” is no time for a ban.")),
        // /unban, /bans
        .init("/unban", .says("NICK is missing: /unban NICK")),
        .init("/unban ghost", .sends(.unban(user: "ghost")), original: noBans, offline: notConnected),
        .init("/unban bob smith", .says("/unban NICK. A nickname")),
        .init("/bans", .sends(.bans), original: noBans, offline: notConnected),
        .init("/bans alice", tooMany),
        // /help and what is no command
        .init("/help", .says("Esc closes")),
        .init("/help /nick", .says("Change your nickname.")),
        .init("/help nikc", .says("Did you mean /nick?")),
        .init("/help nick color", tooMany),
        .init("/kcik alice", .says("Did you mean /kick?")),
        .init("/", .says("A command follows the slash")),
        .init(" /kick alice", .says("There is a space before /kick")),
    ]

    private func driver(_ server: Server, isAdmin: Bool) -> InterfaceDriver {
        var driver = InterfaceDriver(120, 30, isOnline: false)
        let framing: Framing = server == .original ? .none : .netstring
        driver.say(.status(.online(InterfaceDriver.channel, framing: framing, roundTripMilliseconds: nil)))
        driver.say(.identity(nickname: "tester", color: .white))
        driver.roster(["root", "alice", "bob smith", "tester"], admins: isAdmin ? ["root", "tester"] : ["root"])
        if server == .offline { driver.say(.status(.waiting(reason: "gone", milliseconds: 5000, attempt: 1))) }
        return driver
    }

    @Test("does or says what it should", arguments: fixtures, Server.allCases)
    func doesOrSays(fixture: CommandFixture, server: Server) throws {
        let outcome = try #require(fixture.outcomes[server])
        var driver = driver(server, isAdmin: true)
        #expect(driver.enter(fixture.line) == outcome.commands.map { .session($0) })
        #expect(driver.text.contains(outcome.shown), "\(driver.text)")
    }

    @Test(
        "asks a guest nothing that is only for admins",
        arguments: ["/kick alice", "/kick ghost loud", "/ban alice", "/ban ghost 2h", "/unban ghost", "/bans"]
    )
    func asksGuestNothing(line: String) {
        var driver = driver(.ours, isAdmin: false)
        #expect(driver.enter(line).isEmpty)
        let name = line.prefix { $0 != " " }
        #expect(driver.text.contains("✗ \(name) is for admins only."))
        #expect(driver.type("y").isEmpty)
        #expect(driver.screen.last == " tester › y")
    }
}
