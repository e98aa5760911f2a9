/// Why a terminal can't be used, as one line.
struct TerminalError: Error, Hashable, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
