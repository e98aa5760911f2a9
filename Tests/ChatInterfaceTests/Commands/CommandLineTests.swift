internal import ChatTestSupport
internal import Testing

@testable internal import ChatInterface

@Suite("Reading a command line")
struct CommandLineTests {
    @Test(
        "tells messages from commands and takes the arguments apart",
        arguments: [
            ("hello", CommandLine.message("hello")),
            ("", .message("")),
            ("a /quit in the middle", .message("a /quit in the middle")),
            ("//quit", .message("/quit")),
            ("///", .message("//")),
            (" //x", .message(" //x")),
            (" /nothing known", .message(" /nothing known")),
            ("/quit", .command(.quit, [])),
            ("/QUIT", .command(.quit, [])),
            ("/quit  \n", .command(.quit, [])),
            ("/exit", .command(.quit, [])),
            ("/msg", .command(.msg, [nil, nil])),
            ("/msg bob", .command(.msg, ["bob", nil])),
            ("/msg  bob   two  words ", .command(.msg, ["bob", "two  words "])),
            ("/msg bob\nline\nline", .command(.msg, ["bob", "line\nline"])),
            ("/msg \"bob smith\" hello", .command(.msg, ["bob smith", "hello"])),
            ("/msg \"bob smith", .command(.msg, ["bob smith", nil])),
            (#"/msg "a \"b\" \\ c" x"#, .command(.msg, [#"a "b" \ c"#, "x"])),
            ("/nick bob smith", .command(.nick, ["bob smith"])),
            ("/color", .command(.color, [nil])),
            ("/color #F00", .command(.color, ["#F00"])),
            ("/kick bob", .command(.kick, ["bob", nil])),
            ("/kick bob for a reason", .command(.kick, ["bob", "for a reason"])),
            ("/ban bob", .command(.ban, ["bob", nil, nil])),
            ("/ban bob 2h", .command(.ban, ["bob", "2h", nil])),
            ("/ban bob 2h too loud", .command(.ban, ["bob", "2h", "too loud"])),
            ("/ban bob too loud", .command(.ban, ["bob", nil, "too loud"])),
            ("/ban \"bob smith\" forever", .command(.ban, ["bob smith", "forever", nil])),
            ("/unban bob", .command(.unban, ["bob"])),
            ("/bans", .command(.bans, [])),
            ("/help /msg", .command(.help, ["/msg"])),
            // Another slash, and what can't be seen, is no way around a command.
            ("／msg bob secret", .command(.msg, ["bob", "secret"])),
            ("⁄msg bob secret", .command(.msg, ["bob", "secret"])),
            ("∕msg bob secret", .command(.msg, ["bob", "secret"])),
            ("\u{FEFF}/msg bob secret", .command(.msg, ["bob", "secret"])),
            ("\u{200B}\u{200F}/msg bob secret", .command(.msg, ["bob", "secret"])),
            ("\u{AD}/msg bob secret", .command(.msg, ["bob", "secret"])),
            ("\u{2060}\u{2063}/msg bob secret", .command(.msg, ["bob", "secret"])),
            ("\u{3164}/msg bob secret", .command(.msg, ["bob", "secret"])),
            ("/\u{200D}msg bob secret", .command(.msg, ["bob", "secret"])),
            ("\u{FEFF}//x", .message("/x")),
            ("／／x", .message("／x")),
            ("\u{200E}hello", .message("\u{200E}hello")),
        ]
    )
    func tellsMessagesFrom(line: String, expected: CommandLine) {
        #expect(CommandLine(line) == expected)
    }

    @Test(
        "names the closest command for one that there is not",
        arguments: [
            ("/qiut", "/quit"), ("/nikc bob", "/nick"), ("/mgs bob hello", "/msg"), ("/colour2", "/color"),
            ("/passwrod", "/password"), ("/reco", "/reconnect"), ("/hepl", "/help"), ("/usrs", "/users"),
        ]
    )
    func namesClosestCommand(line: String, closest: String) {
        guard case .mistake(let sentence) = CommandLine(line) else {
            Issue.record("\(line) is no mistake")
            return
        }
        #expect(sentence.hasSuffix("Did you mean \(closest)?"))
    }

    @Test(
        "explains what is wrong",
        arguments: [
            ("/xyzzyplugh", "There is no command /xyzzyplugh; /help lists them"),
            ("/", "A command follows the slash"),
            ("/ quit", "A command follows the slash"),
            ("/nick", "NAME is missing: /nick NAME"),
            ("/nick   ", "NAME is missing: /nick NAME"),
            ("/kick", "NICK is missing: /kick NICK [reason]"),
            ("/kick \"\" x", "NICK is missing"),
            ("/quit now", "That is more than /quit takes: /quit"),
            ("/color red green", "That is more than /color takes"),
            (" /msg bob secret", "There is a space before /msg"),
            ("\n/msg bob secret", "There is a space before /msg"),
            (" \u{FEFF}/msg bob secret", "There is a space before /msg"),
            ("\u{FEFF} ／msg bob secret", "There is a space before /msg"),
            ("\u{2800}/msg bob secret", "There is a space before /msg"),
            ("\u{FFFD}/msg bob secret", "There is a space before /msg"),
            ("/\u{301}msg bob secret", "There is no command"),
            ("/m\u{200B}sg bob secret", "There is no command /"),
            ("／quti", "There is no command /quti"),
            ("/usr/bin/env python3", "There is no command /usr/bin/env"),
        ]
    )
    func explainsWhatWrong(line: String, start: String) {
        guard case .mistake(let sentence) = CommandLine(line) else {
            Issue.record("\(line) is no mistake")
            return
        }
        #expect(sentence.hasPrefix(start), "\(sentence)")
    }

    @Test("cuts a long name that is no command")
    func cutsLongName() {
        guard case .mistake(let sentence) = CommandLine("/" + String(repeating: "é", count: 100_000)) else {
            Issue.record("no mistake")
            return
        }
        #expect(sentence.count < 150)
    }

    @Test("reads back every argument that it quotes", arguments: 0..<200)
    func readsBackEvery(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let alphabet: [Character] = ["a", " ", "\"", "\\", "é", "日", "\t", "=", "/"]
        let argument = String(
            (0..<Int.random(in: 0...8, using: &generator)).map { _ in
                alphabet.randomElement(using: &generator) ?? "a"
            }
        )
        var reader = ArgumentReader(Substring(ArgumentReader.quote(argument) + " rest"))
        #expect(reader.next() == argument)
        #expect(reader.takeRest() == "rest")
    }

    @Test("finds every command by its names and helps with it", arguments: SlashCommand.allCases)
    func findsEveryCommand(command: SlashCommand) {
        for name in [command.rawValue] + command.specification.aliases {
            #expect(SlashCommand(named: name) == command)
            #expect(SlashCommand(named: name.uppercased()) == command)
        }
        #expect(HelpText.overview.lines.contains(.entry(command.usage, command.specification.summary)))
        #expect(HelpText(about: command).lines.first == .entry(command.usage, command.specification.summary))
        // Only the last argument can take the rest of the line, or parsing would never get further.
        #expect(command.specification.arguments.dropLast().allSatisfy { !$0.takesRest })
    }

    @Test("has no name twice")
    func hasNoName() {
        let names = SlashCommand.allCases.flatMap { [$0.rawValue] + $0.specification.aliases }
        #expect(Set(names).count == names.count)
    }
}
