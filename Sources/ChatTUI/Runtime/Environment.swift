@preconcurrency internal import Glibc

/// The environment of the process.
enum Environment {
    /// The value of a variable; nil if it is missing or empty.
    static subscript(_ name: String) -> String? {
        guard let value = getenv(name) else { return nil }
        let text = String(cString: value)
        return text.isEmpty ? nil : text
    }

    /// All variables whose name starts with our prefix.
    ///
    /// Read them before there are threads, because another thread may change the environment.
    static var own: [String: String] {
        var variables: [String: String] = [:]
        var entry = environ
        while let pair = entry.pointee {
            let parts = String(cString: pair).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if let name = parts.first, name.hasPrefix(Setting.prefix), let value = parts.dropFirst().first {
                variables[String(name)] = String(value)
            }
            entry += 1
        }
        return variables
    }
}
