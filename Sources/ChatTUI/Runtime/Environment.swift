internal import ChatProtocol
@preconcurrency internal import Glibc

/// The environment of the process.
enum Environment {
    /// The value of a variable; nil if it is missing or empty.
    static subscript(_ name: String) -> String? {
        guard let value = getenv(name) else { return nil }
        let text = String(cString: value)
        return text.isEmpty ? nil : text
    }

    /// The variables that say where our files are.
    private static let folders: Set<String> = ["HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"]

    /// All variables whose name starts with our prefix.
    ///
    /// Read them before there are threads, because another thread may change the environment.
    static var own: [String: String] {
        all { String(cString: $0) }.filter { $0.key.hasPrefix(Setting.prefix) }
    }

    /// Checks that the variables we use are text: bytes that are not would be replaced by characters that nobody meant,
    /// in a password or a path.
    ///
    /// - Throws: ``CommandFailure`` with the name of the variable.
    static func check() throws(CommandFailure) {
        let texts = all { String(validatingCString: $0) ?? "" }
        for name in all({ String(cString: $0) }).keys.sorted()
        where texts[name] == nil && (name.hasPrefix(Setting.prefix) || folders.contains(name)) {
            throw CommandFailure("\(SafeText(line: name)) is not UTF-8 text", exitCode: .usage)
        }
    }

    /// All variables, each read as text with its name.
    private static func all(_ read: (UnsafePointer<CChar>) -> String) -> [String: String] {
        var variables: [String: String] = [:]
        var entry = environ
        while let pair = entry.pointee {
            let parts = read(pair).utf8.split(
                separator: UInt8(ascii: "="),
                maxSplits: 1,
                omittingEmptySubsequences: false
            )
            if let name = parts.first, let value = parts.dropFirst().first {
                variables[String(Substring(name))] = String(Substring(value))
            }
            entry += 1
        }
        return variables
    }
}
