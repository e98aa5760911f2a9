internal import ChatInterface
internal import ChatProtocol
internal import Configuration

/// What the environment and the file set, as arguments to be read before the
/// user's own.
///
/// Of two arguments for one thing the last wins, so this order is the precedence:
/// file, environment, command line.
struct ServerSettings: Sendable {
    /// Something that is set.
    struct Value: Hashable, Sendable {
        /// What.
        let setting: Setting
        /// To what.
        let text: String
        /// Where, for messages.
        let origin: String
        /// Whether in the file.
        let isFile: Bool
    }

    /// Everything that is set, the file's first.
    let values: [Value]

    /// Puts the sources together.
    ///
    /// - Parameters:
    ///   - settings: What there is to set.
    ///   - file: The file, where one is named.
    ///   - environment: Our variables.
    /// - Throws: ``SettingsError`` for a variable that is not what it should be.
    init(settings: [Setting], file: SettingsFile?, environment: [String: String]) throws(SettingsError) {
        let variables = EnvironmentVariablesProvider(environmentVariables: environment.filter { !$0.value.isEmpty })
        var values: [Value] = []
        for setting in settings {
            // One provider after the other, and not one reader over both: a
            // message has to say where a value comes from.
            let own = try Self.text(setting, in: variables) { _ in
                let value = environment[setting.variable] ?? ""
                return SettingsError("\(setting.variable): \(setting.complaint(about: value))", isFile: false)
            }
            if let file {
                let origin = file.origin(of: setting)
                let text = try Self.text(setting, in: file.provider) { SettingsError("\(origin): \($0)", isFile: true) }
                // A flag can only be said, so the file's may not stand where
                // the environment says no.
                if let text, setting.kind == .option || own == nil {
                    values.append(Value(setting: setting, text: text, origin: origin, isFile: true))
                }
            }
            if let own {
                values.append(Value(setting: setting, text: own, origin: setting.variable, isFile: false))
            }
        }
        self.values = values
    }

    /// The arguments.
    var arguments: [String] { arguments(without: nil) }

    /// The arguments, without those that one value means.
    func arguments(without value: Value?) -> [String] {
        values.filter { $0 != value }.compactMap { $0.setting.argument($0.text) }
    }

    /// The names of what is set otherwise than before, as far as the user's own
    /// arguments leave it open.
    func changes(since other: ServerSettings, under own: [String]) -> [String] {
        let (before, now) = (other.effective, effective)
        let touched = Set(before.keys).union(now.keys).filter { before[$0] != now[$0] && !$0.isSet(in: own) }
        return touched.map(\.name).sorted()
    }

    private var effective: [Setting: String] {
        Dictionary(values.map { ($0.setting, $0.text) }) { $1 }
    }

    /// The name of a setting to swift-configuration, which makes the name of the
    /// variable of it.
    static func key(of setting: Setting) -> AbsoluteConfigKey {
        AbsoluteConfigKey(["chat-tui", setting.name])
    }

    private static func text(
        _ setting: Setting,
        in provider: some ConfigProvider,
        _ failure: (any Error) -> SettingsError
    ) throws(SettingsError) -> String? {
        do {
            let found = try provider.value(forKey: key(of: setting), type: setting.kind == .flag ? .bool : .string)
            switch found.value?.content {
            case .bool(let flag): return flag ? "true" : "false"
            case .string(let text): return text
            default: return nil
            }
        } catch {
            throw failure(error)
        }
    }

    /// What to say about variables that look like ours and that nobody reads.
    ///
    /// - Parameters:
    ///   - environment: Our variables.
    ///   - known: Names of variables that somebody reads.
    static func warnings(about environment: [String: String], known: [String]) -> [String] {
        environment.keys.filter { !known.contains($0) }.sorted().map { name in
            let rest = { (name: String) in name.dropFirst(Setting.prefix.count).lowercased() }
            let near = ClosestName.find(rest(name), among: known.map(rest))
            let shown = SafeText(line: name).text
            return "\(shown) is no setting" + (near.map { "; do you mean \(Setting.variable($0))?" } ?? "")
        }
    }
}
