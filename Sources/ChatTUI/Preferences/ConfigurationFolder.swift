internal import Glibc

/// The folder of what the program keeps for its user: preferences, known servers.
enum ConfigurationFolder {
    /// Its path; it need not exist.
    ///
    /// - Parameter variable: Looks up an environment variable; nil for missing or empty.
    static func path(variable: (String) -> String?) -> String {
        // A relative path is to be ignored, says the XDG base directory specification.
        let home = variable("HOME") ?? homeFolder
        let folder = variable("XDG_CONFIG_HOME").flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "\(home)/.config"
        return "\(folder)/chat-tui"
    }

    private static var homeFolder: String {
        guard let entry = getpwuid(getuid()), let folder = entry.pointee.pw_dir else { return "/" }
        return String(cString: folder)
    }
}
