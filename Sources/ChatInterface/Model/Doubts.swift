internal import ChatProtocol

/// Why a text may not reach whom its author means.
///
/// A text in doubt is held: Enter says why, and only one more Enter sends it.
struct Doubts: Sendable {
    /// What is in doubt about the person, or everyone, who gets what is typed.
    var aboutTarget: String?
    /// What is in doubt about the person whom the line itself names, as `/msg bob hello` does.
    var aboutNamed: (name: SafeText, reason: String)?
    /// The line that waits for one more Enter.
    var held: HeldLine?

    /// A line that was held, and for what.
    struct HeldLine: Hashable, Sendable {
        let line: String
        let target: Interface.Target?
        let reason: String
        /// Whether the screen has shown it; an Enter from before that does not count.
        var isShown = false
    }
}
