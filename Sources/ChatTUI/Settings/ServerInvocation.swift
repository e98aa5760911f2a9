internal import ArgumentParser

/// A command that serves, and can be set by flags, variables and a file.
protocol ServingCommand: ParsableCommand {
    /// What can be set.
    static var settings: [Setting] { get }
    /// The file of settings that a flag names.
    var settingsFile: String? { get }
    /// What is right by itself but not together.
    var contradiction: Contradiction? { get }
}

/// A command that serves, with everything that may set what it does: arguments,
/// environment, file.
///
/// Can be read again while the server runs.
struct ServerInvocation<Command: ServingCommand>: Sendable {
    /// The user's arguments, without the name of the command.
    let own: [String]
    /// Our variables.
    let environment: [String: String]

    /// Reads everything, whole.
    ///
    /// - Throws: ``SettingsError`` that names the variable or the place in the
    ///   file, or the error of the command line itself.
    func parse() throws -> (command: Command, settings: ServerSettings) {
        // By themselves first: what is wrong with them is nobody else's mistake,
        // and they may name the file.
        let alone = try Command.parse(own)
        let path = alone.settingsFile ?? environment["CHAT_TUI_CONFIG"].flatMap { $0.isEmpty ? nil : $0 }
        // One file may be for both commands, so that it may set more than this one takes.
        let file = try path.map { try SettingsFile.read($0, settings: ServeCommand.settings) } ?? [:]
        let settings = try ServerSettings(settings: Command.settings, file: file, environment: environment)
        let command = try Command.parse(settings.arguments + own)
        if let contradiction = command.contradiction { throw settings.error(contradiction, under: own) }
        return (command, settings)
    }
}

extension ServerInvocation {
    /// How this process was started.
    static var ofThisProcess: ServerInvocation {
        ServerInvocation(own: Array(CommandLine.arguments.dropFirst(2)), environment: Environment.own)
    }
}
