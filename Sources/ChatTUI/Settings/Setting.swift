internal import ArgumentParser

/// One setting of the server.
///
/// A flag, an environment variable and a key of the settings file set it, all with the same name.
struct Setting: Sendable {
    /// The name of the flag, without dashes, and of the key: `keep-days`.
    let name: String
    /// The allowed values, in words; nil if any text is allowed.
    let allowed: String?
    /// Whether it is a yes or no, so that its flag takes no value.
    let isFlag: Bool
    /// What stands before the path of a file or a folder in the value; nil if the value is no path.
    let pathPrefix: String?
    /// The value if nothing is set, in the words of the help.
    let defaultValue: String?

    private let normalize: @Sendable (String) -> String?

    /// - Parameters:
    ///   - allowed: The allowed values, in words.
    ///   - normalize: Returns the text in the form that the flag understands; nil if it is not valid.
    private init(
        _ name: String,
        allowed: String?,
        isFlag: Bool = false,
        pathPrefix: String? = nil,
        default defaultValue: String? = nil,
        normalize: @escaping @Sendable (String) -> String?
    ) {
        self.name = name
        self.allowed = allowed
        self.isFlag = isFlag
        self.pathPrefix = pathPrefix
        self.defaultValue = defaultValue
        self.normalize = normalize
    }

    /// A setting with any text.
    static func text(_ name: String) -> Setting {
        Setting(name, allowed: nil) { $0 }
    }

    /// The path of a file or a folder.
    static func path(_ name: String) -> Setting {
        Setting(name, allowed: nil, pathPrefix: "") { $0 }
    }

    /// A yes or no.
    static func flag(_ name: String) -> Setting {
        Setting(name, allowed: "true or false", isFlag: true) { text in
            switch text.lowercased() {
            case "true", "yes", "1": "true"
            case "false", "no", "0": "false"
            default: nil
            }
        }
    }

    /// A whole number; `Int.max` as the upper bound means that there is no upper limit.
    static func whole(_ name: String, _ range: ClosedRange<Int>, default value: Int? = nil) -> Setting {
        let bounds =
            range.upperBound == .max
            ? "from \(range.lowerBound) on" : "between \(range.lowerBound) and \(range.upperBound)"
        return Setting(name, allowed: "a whole number \(bounds)", default: value.map(String.init)) { text in
            Int(text).flatMap { range.contains($0) ? text : nil }
        }
    }

    /// A number that may have a fraction.
    static func fraction(_ name: String, _ range: ClosedRange<Double>, default value: Double) -> Setting {
        let allowed = "a number between \(Int(range.lowerBound)) and \(Int(range.upperBound))"
        return Setting(name, allowed: allowed, default: "\(value)") { text in
            Double(text).flatMap { range.contains($0) ? text : nil }
        }
    }

    /// One of several words.
    static func choice<Choice: CaseIterable & RawRepresentable<String>>(
        _ name: String,
        default value: Choice
    ) -> Setting {
        let words = Choice.allCases.map(\.rawValue)
        let allowed = words.dropLast().joined(separator: ", ") + " or " + (words.last ?? "")
        return Setting(name, allowed: allowed, default: value.rawValue) { words.contains($0) ? $0 : nil }
    }

    /// A value that is read by its own type.
    static func value(
        _ name: String,
        allowed: String,
        pathPrefix: String? = nil,
        isValid: @escaping @Sendable (String) -> Bool
    ) -> Setting {
        Setting(name, allowed: allowed, pathPrefix: pathPrefix) { isValid($0) ? $0 : nil }
    }

    /// The name of the environment variable: `CHAT_TUI_KEEP_DAYS`.
    var variable: String { Self.variable(name) }

    /// The prefix of all our environment variables.
    static let prefix = "CHAT_TUI_"

    /// The environment variable for a flag.
    static func variable(_ name: String) -> String {
        prefix + name.uppercased().replacing("-", with: "_")
    }

    /// The text in the form that the flag understands; nil if it is not valid.
    func normalized(_ text: String) -> String? { normalize(text) }

    /// The help text for this setting: its meaning and its default.
    func help(_ meaning: String, _ discussion: String = "", valueName: String? = nil) -> ArgumentHelp {
        let abstract = meaning + (defaultValue.map { " (default: \($0))" } ?? "")
        return ArgumentHelp(abstract, discussion: discussion, valueName: valueName)
    }

    /// Reads the number that a user gave with the flag.
    ///
    /// - Throws: An error that says what is allowed.
    func number<Number: LosslessStringConvertible>(_ text: String) throws -> Number {
        guard let number = normalize(text).flatMap(Number.init) else {
            throw ValidationError("write \(allowed ?? "a number").")
        }
        return number
    }

    /// Whether these arguments set it.
    func isSet(in arguments: [String]) -> Bool {
        arguments.contains { $0 == "--\(name)" || $0.hasPrefix("--\(name)=") }
    }
}
