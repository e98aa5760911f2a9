/// The help, while it is shown in place of the messages.
struct HelpOverlay: Hashable, Sendable {
    let text: HelpText
    /// How many rows are scrolled out at the top.
    var scroll = 0

    init(_ text: HelpText) {
        self.text = text
    }
}
