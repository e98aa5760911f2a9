/// Why a terminal can't be used, in one line.
struct TerminalError: Error, Hashable, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
