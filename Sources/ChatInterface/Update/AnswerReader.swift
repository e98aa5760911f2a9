/// Reads the answer to a question from the keys.
///
/// Somebody who types on without seeing the question answers nothing: a `y` or `n` counts only as the first letter. The
/// rest of such a line is dropped up to its Enter, so that no part of it is sent as a message either.
struct AnswerReader: Hashable, Sendable {
    /// What a key means.
    enum Reply: Hashable {
        case yes
        case no
        case enter
        /// The end of a line that was no answer.
        case endOfLine
    }

    /// Whether a line that is no answer is being typed.
    private(set) var isInLine = false

    /// Reads a key; nil if it means nothing.
    ///
    /// - Parameter hasLetters: Whether letters answer the question, and not just Enter and Escape.
    mutating func read(_ key: KeyPress, hasLetters: Bool = true) -> Reply? {
        guard key.modifiers.isSubset(of: .shift) else { return nil }
        switch key.key {
        case .escape:
            isInLine = false
            return .no
        case .enter:
            let wasInLine = isInLine
            isInLine = false
            return wasInLine ? .endOfLine : .enter
        case .character("y"), .character("Y"):
            if hasLetters, !isInLine { return .yes }
            isInLine = true
        case .character("n"), .character("N"):
            if hasLetters, !isInLine { return .no }
            isInLine = true
        case .character:
            isInLine = true
        default:
            break
        }
        return nil
    }
}
