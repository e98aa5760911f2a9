internal import ArgumentParser

/// One thing that can be set: by a flag, by a variable of the environment and by
/// a key of the settings file, all of one name.
struct Setting: Sendable {
    /// The flag without its dashes, and the key: `keep-days`.
    let name: String
    /// What may be written, in words; nil where that is any text.
    let allowed: String?
    /// Whether it is only yes or no, so that its flag has no value.
    let isFlag: Bool
    /// What holds where nothing is set, as the help says it.
    let defaultValue: String?

    private let normalize: @Sendable (String) -> String?

    /// - Parameters:
    ///   - allowed: What may be written, in words.
    ///   - normalize: Gives the text as the flag understands it, or nil where it makes no sense.
    private init(
        _ name: String,
        allowed: String?,
        isFlag: Bool = false,
        default defaultValue: String? = nil,
        normalize: @escaping @Sendable (String) -> String?
    ) {
        self.name = name
        self.allowed = allowed
        self.isFlag = isFlag
        self.defaultValue = defaultValue
        self.normalize = normalize
    }

    /// Any text.
    static func text(_ name: String) -> Setting {
        Setting(name, allowed: nil) { $0 }
    }

    /// Yes or no.
    static func flag(_ name: String) -> Setting {
        Setting(name, allowed: "true or false", isFlag: true) { text in
            switch text.lowercased() {
            case "true", "yes", "1": "true"
            case "false", "no", "0": "false"
            default: nil
            }
        }
    }

    /// A whole number; `Int.max` as the upper bound stands for none.
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

    /// One of a few words.
    static func choice<Choice: CaseIterable & RawRepresentable<String>>(
        _ name: String,
        default value: Choice
    ) -> Setting {
        let words = Choice.allCases.map(\.rawValue)
        let allowed = words.dropLast().joined(separator: ", ") + " or " + (words.last ?? "")
        return Setting(name, allowed: allowed, default: value.rawValue) { words.contains($0) ? $0 : nil }
    }

    /// Something that a type of its own reads.
    static func value(
        _ name: String,
        allowed: String,
        isValid: @escaping @Sendable (String) -> Bool
    ) -> Setting {
        Setting(name, allowed: allowed) { isValid($0) ? $0 : nil }
    }

    /// The variable: `CHAT_TUI_KEEP_DAYS`.
    var variable: String { Self.variable(name) }

    /// What all names of our variables start with.
    static let prefix = "CHAT_TUI_"

    /// The name of a flag's variable.
    static func variable(_ name: String) -> String {
        prefix + name.uppercased().replacing("-", with: "_")
    }

    /// The text as the flag understands it, or nil where it makes no sense.
    func normalized(_ text: String) -> String? { normalize(text) }

    /// What the help says about it: its meaning and its default.
    func help(_ meaning: String, _ discussion: String = "", valueName: String? = nil) -> ArgumentHelp {
        let abstract = meaning + (defaultValue.map { " (default: \($0))" } ?? "")
        return ArgumentHelp(abstract, discussion: discussion, valueName: valueName)
    }

    /// The number that a user wrote behind the flag.
    ///
    /// - Throws: What should have been written.
    func number<Number: LosslessStringConvertible>(_ text: String) throws -> Number {
        guard let number = normalize(text).flatMap(Number.init) else {
            throw ValidationError("write \(allowed ?? "a number").")
        }
        return number
    }

    /// Whether arguments set it.
    func isSet(in arguments: [String]) -> Bool {
        arguments.contains { $0 == "--\(name)" || $0.hasPrefix("--\(name)=") }
    }
}
