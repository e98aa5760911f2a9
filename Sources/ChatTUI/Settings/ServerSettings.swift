internal import ChatProtocol

/// The settings from the environment and the file, as arguments to be put before the user's own.
///
/// If an argument is given twice, the last one wins. So a flag wins over both, and here a variable wins over the file.
struct ServerSettings: Sendable {
    /// The value of a setting.
    struct Value: Hashable, Sendable {
        /// The value as text.
        let text: String
        /// Where the value comes from, for messages.
        let origin: String
        /// Whether the value comes from the file.
        let isFile: Bool
    }

    private let settings: [Setting]
    private let values: [String: Value]

    /// Combines the file and the environment.
    ///
    /// - Parameters:
    ///   - settings: All settings that exist.
    ///   - file: The values in the file, by name.
    ///   - environment: The environment variables with our prefix.
    /// - Throws: ``SettingsError`` for a variable with an invalid value.
    init(
        settings: [Setting],
        file: [String: Value] = [:],
        environment: [String: String]
    ) throws(SettingsError) {
        var values = file
        for setting in settings {
            guard let text = environment[setting.variable], !text.isEmpty else { continue }
            guard let normalized = setting.normalized(text) else {
                throw SettingsError.value(text, of: setting, at: setting.variable, isFile: false)
            }
            values[setting.name] = Value(text: normalized, origin: setting.variable, isFile: false)
        }
        self.settings = settings
        self.values = values
    }

    /// The settings as arguments.
    var arguments: [String] {
        settings.compactMap { setting in
            guard let text = values[setting.name]?.text else { return nil }
            if setting.isFlag { return text == "true" ? "--\(setting.name)" : nil }
            return "--\(setting.name)=\(text)"
        }
    }

    /// The names of settings that have changed, without those that the user's own arguments set.
    func changes(since other: ServerSettings, under own: [String]) -> [String] {
        settings.filter { values[$0.name]?.text != other.values[$0.name]?.text && !$0.isSet(in: own) }
            .map(\.name).sorted()
    }

    /// Creates an error for settings that contradict each other, with the place where each is set.
    func error(_ contradiction: Contradiction, under own: [String]) -> SettingsError {
        var isFile = false
        let words = contradiction.words { name in
            guard let value = values[name], settings.first(where: { $0.name == name })?.isSet(in: own) == false else {
                return "--\(name)"
            }
            isFile = isFile || value.isFile
            return value.origin
        }
        return SettingsError(words, isFile: isFile)
    }
}

/// Settings that are valid on their own but not together.
struct Contradiction {
    /// Writes the message; `called` gives the flag, variable or place in the file that set a setting.
    let words: (_ called: (_ name: String) -> String) -> String
}

/// What is wrong with a setting in the environment or the file, and where it is.
struct SettingsError: Error, Hashable, CustomStringConvertible {
    /// One line, safe to show.
    let description: String
    /// Whether the mistake is in the file.
    let isFile: Bool

    init(_ description: String, isFile: Bool) {
        self.description = SafeText(line: description).text
        self.isFile = isFile
    }

    /// Creates an error for a value that is not allowed.
    static func value(_ text: String, of setting: Setting, at origin: String, isFile: Bool) -> SettingsError {
        let shown = Double(text) == nil ? "'\(text)'" : text
        return SettingsError("\(origin) is \(setting.allowed ?? "a text"), not \(shown)", isFile: isFile)
    }
}
