internal import Glibc

/// The folder in which the program stores its user's files: preferences and known servers.
enum ConfigurationFolder {
    /// The path of the folder, which need not exist.
    ///
    /// - Parameter variable: Looks up an environment variable; nil if it is missing or empty.
    static func path(variable: (String) -> String?) -> String {
        // The XDG base directory specification says to ignore a relative path.
        let home = variable("HOME") ?? homeFolder
        let folder = variable("XDG_CONFIG_HOME").flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "\(home)/.config"
        return "\(folder)/chat-tui"
    }

    private static var homeFolder: String {
        guard let entry = getpwuid(getuid()), let folder = entry.pointee.pw_dir else { return "/" }
        return String(cString: folder)
    }
}
