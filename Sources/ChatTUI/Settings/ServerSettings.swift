internal import ChatProtocol

/// What the environment and the file set, as arguments to be read before the
/// user's own.
///
/// Of two arguments for one thing the last wins, so a flag comes before both;
/// a variable comes before the file here.
struct ServerSettings: Sendable {
    /// Something that is set.
    struct Value: Hashable, Sendable {
        /// To what.
        let text: String
        /// Where, for messages.
        let origin: String
        /// Whether in the file.
        let isFile: Bool
    }

    private let settings: [Setting]
    private let values: [String: Value]

    /// Puts the file and the environment together.
    ///
    /// - Parameters:
    ///   - settings: What there is to set.
    ///   - file: What the file sets, by name.
    ///   - environment: Our variables.
    /// - Throws: ``SettingsError`` for a variable that is not what it should be.
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

    /// The arguments.
    var arguments: [String] {
        settings.compactMap { setting in
            guard let text = values[setting.name]?.text else { return nil }
            if setting.isFlag { return text == "true" ? "--\(setting.name)" : nil }
            return "--\(setting.name)=\(text)"
        }
    }

    /// The names of what is set otherwise than before, as far as the user's own
    /// arguments leave it open.
    func changes(since other: ServerSettings, under own: [String]) -> [String] {
        settings.filter { values[$0.name]?.text != other.values[$0.name]?.text && !$0.isSet(in: own) }
            .map(\.name).sorted()
    }

    /// Says of settings that are right only each by itself which they are and where they stand.
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

/// Settings of which each is right by itself, but not together with the other.
struct Contradiction {
    /// Says what is wrong, given how to call a setting.
    let words: (_ called: (_ name: String) -> String) -> String
}

/// What is wrong with what the environment or the file sets, and where.
struct SettingsError: Error, Hashable, CustomStringConvertible {
    /// One line, safe to show.
    let description: String
    /// Whether it is in the file.
    let isFile: Bool

    init(_ description: String, isFile: Bool) {
        self.description = SafeText(line: description).text
        self.isFile = isFile
    }

    /// A value that is none of those allowed.
    static func value(_ text: String, of setting: Setting, at origin: String, isFile: Bool) -> SettingsError {
        let shown = Double(text) == nil ? "'\(text)'" : text
        return SettingsError("\(origin) is \(setting.allowed ?? "a text"), not \(shown)", isFile: isFile)
    }
}
