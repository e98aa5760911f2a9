internal import ChatInterface
internal import ChatProtocol
internal import ChatSession
internal import Glibc

@testable import ChatTUI

/// A clock that a test moves, and a sleep that moves it.
final class ManualTime: ProgramClock, Waiting {
    /// Milliseconds since the test began.
    var elapsed: Int64 = 0
    /// How long each sleep was to last; nil for as long as it takes.
    private(set) var sleeps: [Int?] = []

    var now: Timestamp { Timestamp(unixMilliseconds: 1_795_349_040_000 + elapsed) }
    var milliseconds: Int64 { 5_000 + elapsed }

    /// Does not sleep: what is there is there, and otherwise the time passes at once.
    func wait(input: Int32, pipe: Int32, milliseconds: Int?) -> Readiness {
        sleeps.append(milliseconds)
        let readiness = PollWaiting().wait(input: input, pipe: pipe, milliseconds: 0)
        if readiness == Readiness(), let milliseconds { elapsed += Int64(milliseconds) }
        return readiness
    }
}

/// What the program asked for.
final class RecordedActions: ProgramActions {
    private(set) var commands: [SessionCommand] = []
    private(set) var remembered: [String] = []

    func send(_ command: SessionCommand) { commands.append(command) }

    func remember(nickname: String, color: ChatColor) { remembered.append("\(nickname) \(color.text)") }
}

/// A program with everything around it in a test's hands.
final class ProgramDriver {
    let terminal: HeadlessTerminal
    let time = ManualTime()
    let actions = RecordedActions()
    let inbox: Inbox
    var program: Program<HeadlessTerminal, ManualTime, ManualTime, RecordedActions>

    static let channel = SessionEvent.Channel(address: "home.example:6666", isEncrypted: false)
    static let online = SessionUpdate.status(.online(channel, framing: .netstring, roundTripMilliseconds: nil))

    init(isOnline: Bool = true) throws {
        terminal = try HeadlessTerminal()
        inbox = try Inbox()
        program = Program(
            interface: Interface(
                Interface.Configuration(columns: 80, rows: 24, serverName: "home.example:6666", nickname: "tester")
            ),
            terminal: terminal,
            inbox: inbox,
            clock: time,
            sleep: time,
            actions: actions
        )
        if isOnline {
            inbox.post([Self.online, .identity(nickname: "tester", color: .white)])
            _ = step()
        }
    }

    func step() -> Bool { program.step() }

    func run() { program.run() }

    /// Sends a signal's byte, as its handler does.
    func signal(_ number: Int32) {
        var byte = UInt8(number)
        _ = write(inbox.writeDescriptor, &byte, 1)
    }

    func said(_ text: String, number: Int = 1) -> TimelineEntry {
        TimelineEntry(
            id: TimelineEntry.ID(number),
            place: TimelineEntry.Place(epoch: 0, number: Int64(number)),
            time: time.now.wireTime,
            kind: .chat(sender: SafeText(line: "bob"), recipient: .everyone, color: nil, isOwn: false),
            text: SafeText(block: text)
        )
    }
}
