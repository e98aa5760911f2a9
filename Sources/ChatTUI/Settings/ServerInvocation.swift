internal import ArgumentParser

/// A command that serves, with everything that may set what it does: arguments,
/// environment, file.
///
/// Can be read again while the server runs, and then is all new or not at all.
struct ServerInvocation<Command: ParsableCommand>: Sendable {
    /// The user's arguments, without the name of the command.
    let own: [String]
    /// Our variables.
    let environment: [String: String]

    private let settings: [Setting]
    private let isKnown: [Setting]

    /// - Parameters:
    ///   - own: The user's arguments, without the name of the command.
    ///   - environment: Our variables.
    init(own: [String], environment: [String: String]) {
        self.own = own
        self.environment = environment
        isKnown = Setting.all(of: ServeCommand.self)
        let client = Set(Setting.all(of: ClientOptions.self).map(\.name))
        let taken = Set(Setting.all(of: Command.self).map(\.name)).subtracting(client)
        // What is set for `serve` and means nothing here is no mistake.
        settings = isKnown.filter { taken.contains($0.name) }
    }

    /// The file that is named; a flag comes before the environment.
    var path: String? {
        var path = environment["CHAT_TUI_CONFIG"].flatMap { $0.isEmpty ? nil : $0 }
        for (index, argument) in own.enumerated() {
            if argument.hasPrefix("--config=") {
                path = String(argument.dropFirst("--config=".count))
            } else if argument == "--config", index + 1 < own.count {
                path = own[index + 1]
            }
        }
        return path
    }

    /// Reads what the environment and the file set.
    ///
    /// - Throws: ``SettingsError``.
    func read() throws(SettingsError) -> ServerSettings {
        let file = try path.map { path throws(SettingsError) in try SettingsFile(path: path, settings: isKnown) }
        return try ServerSettings(settings: settings, file: file, environment: environment)
    }

    /// Reads everything, whole.
    ///
    /// - Throws: ``SettingsError`` that names the variable or the place in the
    ///   file, or the error of the command line itself.
    func parse() throws -> (command: Command, settings: ServerSettings) {
        let settings = try read()
        do {
            return (try Command.parse(settings.arguments + own), settings)
        } catch {
            throw blame(error, settings) ?? error
        }
    }

    /// Finds the value without which the error would be another one, or none.
    func blame(_ error: any Error, _ settings: ServerSettings) -> SettingsError? {
        let message = Command.message(for: error)
        for value in settings.values {
            do {
                _ = try Command.parse(settings.arguments(without: value) + own)
            } catch {
                if Command.message(for: error) == message { continue }
            }
            return SettingsError(settings.words(message, about: value, under: own), isFile: value.isFile)
        }
        return nil
    }

    /// What to say about variables that look like ours and that nobody reads.
    var warnings: [String] {
        let client = Setting.all(of: ClientOptions.self).map(\.variable)
        let others = ["SERVER", "PASSWORD", "CONFIG", "CONNECT_TLS"].map { Setting.prefix + $0 }
        return ServerSettings.warnings(about: environment, known: isKnown.map(\.variable) + client + others)
    }
}

extension ServerInvocation {
    /// The arguments of the whole program with what is set put in front.
    ///
    /// - Parameter arguments: As the user gave them, from the name of the command on.
    static func expand(_ arguments: [String]) throws(SettingsError) -> [String] {
        let own = Array(arguments.dropFirst())
        // Who asks for help gets it whatever else is wrong.
        guard !own.contains(where: { ["-h", "--help", "--version", "--experimental-dump-help"].contains($0) }) else {
            return arguments
        }
        let invocation = ServerInvocation(own: own, environment: Environment.own)
        return arguments.prefix(1) + (try invocation.read()).arguments + own
    }

    /// What the environment or the file has to do with an error.
    static func blame(_ error: any Error, for arguments: [String]) -> SettingsError? {
        let invocation = ServerInvocation(own: Array(arguments.dropFirst()), environment: Environment.own)
        guard let settings = try? invocation.read() else { return nil }
        return invocation.blame(error, settings)
    }

    /// What the user's own value should be, where the parser does not say it.
    static func complaint(for error: any Error) -> String? {
        let message = Command.message(for: error)
        for setting in Setting.all(of: ServeCommand.self) where setting.choices.isEmpty {
            guard message.contains(" is invalid for '--\(setting.name) <"), let allowed = setting.allowed else {
                continue
            }
            return "\(message): write \(allowed)."
        }
        return nil
    }
}
