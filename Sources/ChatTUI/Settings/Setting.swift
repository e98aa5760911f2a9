internal import ArgumentParser

/// One thing that can be set: by a flag, by a variable of the environment and by
/// a key of the settings file, all of one name.
struct Setting: Hashable, Sendable {
    /// What is written behind it.
    enum Kind: Hashable, Sendable {
        /// Yes or no.
        case flag
        /// A text or a number.
        case option
    }

    /// The flag without its dashes, and the key: `keep-days`.
    let name: String
    /// What is written behind it.
    let kind: Kind
    /// The flag that says no, without its dashes, where there is one.
    var negation: String?
    /// What holds where nothing is set, as the help says it.
    var defaultValue: String?
    /// The values there are, where those can be listed.
    var choices: [String] = []

    /// What may be written, in words; nil where that is any text.
    var allowed: String? {
        if kind == .flag { return "true or false" }
        if let last = choices.last {
            return choices.count == 1 ? last : choices.dropLast().joined(separator: ", ") + " or " + last
        }
        if name == "admin-listen" { return "the path of a unix socket, or HOST:PORT on loopback" }
        return NumberBounds.all[name]?.words
    }

    /// The variable: `CHAT_TUI_KEEP_DAYS`.
    var variable: String { Self.variable(name) }

    /// What starts all names of our variables.
    static let prefix = "CHAT_TUI_"

    /// What names the file can't stand in it, and what asks for something else
    /// than to serve is no setting.
    private static let others: Set<String> = ["config", "check", "help", "version"]

    /// The name of a flag's variable.
    static func variable(_ name: String) -> String {
        prefix + name.uppercased().replacing("-", with: "_")
    }

    /// The argument that sets it.
    ///
    /// - Returns: Nil where that takes no argument: a flag that is not set.
    func argument(_ value: String) -> String? {
        switch kind {
        case .option: "--\(name)=\(value)"
        case .flag: value == "true" ? "--\(name)" : negation.map { "--\($0)" }
        }
    }

    /// Whether arguments set it.
    func isSet(in arguments: [String]) -> Bool {
        let names = [name, negation].compactMap { $0 }
        return arguments.contains { argument in
            names.contains { argument == "--\($0)" || argument.hasPrefix("--\($0)=") }
        }
    }

    /// Everything that a command's flags set.
    ///
    /// From the command itself, so that no flag can be forgotten.
    static func all(of command: (some ParsableArguments).Type) -> [Setting] {
        guard let document = try? JSONDocument(Array(command._dumpHelp().utf8)),
            case .array(let arguments) = document.root["command"]?["arguments"]?.value
        else { return [] }
        return arguments.compactMap(Setting.init).filter { !others.contains($0.name) }
    }

    private init?(_ argument: JSONDocument.Node) {
        guard case .array(let names) = argument["names"]?.value else { return nil }
        let long = names.filter { $0["kind"]?.text == "long" }.compactMap { $0["name"]?.text }
        guard let name = long.first else { return nil }
        self.name = name
        switch argument["kind"]?.text {
        case "flag": kind = .flag
        case "option": kind = .option
        default: return nil
        }
        negation = long.dropFirst().first { $0 == "no-\(name)" }
        defaultValue = argument["defaultValue"]?.text
        if case .array(let values) = argument["allValues"]?.value { choices = values.compactMap(\.text) }
    }

    init(name: String, kind: Kind, negation: String? = nil, defaultValue: String? = nil) {
        self.name = name
        self.kind = kind
        self.negation = negation
        self.defaultValue = defaultValue
    }

    /// What to say of a value that is none of those allowed.
    func complaint(about value: String) -> String {
        "The value '\(value)' is invalid" + (allowed.map { ": write \($0)." } ?? ".")
    }
}

extension JSONDocument.Node {
    /// The value under a key of an object.
    fileprivate subscript(_ key: String) -> JSONDocument.Node? {
        guard case .object(let members) = value else { return nil }
        return members.last { $0.key == key }?.node
    }

    fileprivate var text: String? {
        guard case .string(let text) = value else { return nil }
        return text
    }
}
