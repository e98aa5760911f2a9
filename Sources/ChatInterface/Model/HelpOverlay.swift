/// The help that is shown instead of the messages.
struct HelpOverlay: Hashable, Sendable {
    let text: HelpText
    /// How many rows above the first visible one are hidden.
    var scroll = 0

    init(_ text: HelpText) {
        self.text = text
    }
}
