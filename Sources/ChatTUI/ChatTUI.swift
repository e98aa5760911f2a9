internal import ArgumentParser

@main
struct ChatTUI: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chat-tui",
        subcommands: [
            ServeCommand.self
        ]
    )
}
