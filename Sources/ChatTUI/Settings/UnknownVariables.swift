internal import ChatInterface
internal import ChatProtocol

/// Environment variables that have our prefix but that nothing reads.
enum UnknownVariables {
    /// Known names that are not settings of a server: the client's, and the settings file itself.
    private static let others = ["server", "nickname", "color", "password", "connect-tls", "config"]

    /// A line about each unknown variable, with the name that was probably meant.
    static func warnings(about environment: [String: String]) -> [String] {
        let known = others + ServeCommand.settings.map(\.name)
        let variables = Set(known.map(Setting.variable))
        return environment.keys.filter { !variables.contains($0) }.sorted().map { name in
            let typed = name.dropFirst(Setting.prefix.count).lowercased().replacing("_", with: "-")
            let near = ClosestName.find(typed, among: known)
            let shown = SafeText(line: name).text
            return "\(shown) is no setting" + (near.map { "; do you mean \(Setting.variable($0))?" } ?? "")
        }
    }
}
