internal import ArgumentParser

/// A command that runs a server and takes settings from flags, variables and a file.
protocol ServingCommand: ParsableCommand {
    /// The settings of the command.
    static var settings: [Setting] { get }
    /// The settings file that a flag names.
    var settingsFile: String? { get }
    /// A contradiction between settings that are valid on their own; nil if there is none.
    var contradiction: Contradiction? { get }
}

/// A server command with all sources of its settings: arguments, environment and file.
///
/// It can be read again while the server runs.
struct ServerInvocation<Command: ServingCommand>: Sendable {
    /// The user's arguments, without the command's name.
    let own: [String]
    /// The environment variables with our prefix.
    let environment: [String: String]

    /// Reads all sources and parses the command.
    ///
    /// - Throws: ``SettingsError`` with the variable or the place in the file, or the command line's own error.
    func parse() throws -> (command: Command, settings: ServerSettings) {
        // Parse the user's arguments alone first: this shows mistakes in them as such, and they may name the settings
        // file.
        let alone = try Command.parse(own)
        let path = alone.settingsFile ?? environment["CHAT_TUI_CONFIG"].flatMap { $0.isEmpty ? nil : $0 }
        // `serve` and `host` may share a file, so it may contain settings that this command does not have.
        let file = try path.map { try SettingsFile.read($0, settings: ServeCommand.settings) } ?? [:]
        let settings = try ServerSettings(settings: Command.settings, file: file, environment: environment)
        let command = try Command.parse(settings.arguments + own)
        if let contradiction = command.contradiction { throw settings.error(contradiction, under: own) }
        return (command, settings)
    }
}

extension ServerInvocation {
    /// The arguments and environment of this process.
    static var ofThisProcess: ServerInvocation {
        ServerInvocation(own: Array(CommandLine.arguments.dropFirst(2)), environment: Environment.own)
    }
}
