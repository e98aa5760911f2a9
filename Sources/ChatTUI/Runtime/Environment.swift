internal import Glibc

/// The environment of the process.
enum Environment {
    /// The value of a variable; nil where it is missing or empty.
    static subscript(_ name: String) -> String? {
        guard let value = getenv(name) else { return nil }
        let text = String(cString: value)
        return text.isEmpty ? nil : text
    }
}
