/// The server's number of a CHATR or INFO, which always rises.
///
/// Ids order messages and mark positions in the history. No reader sees all of them, because private messages use
/// numbers, too.
public struct MessageID: Hashable, Comparable, Sendable {
    /// The number; a server's first message has 1.
    public let number: Int64

    /// Creates an id.
    ///
    /// - Parameter number: The server's number.
    public init(_ number: Int64) {
        self.number = number
    }

    /// Reads the decimal form of the `id`, `since` and `before` keys; nil unless it is a number from 0 up.
    public init?(_ text: String) {
        guard let number = Int64(text), number >= 0 else { return nil }
        self.number = number
    }

    /// Orders by the server's numbers.
    public static func < (left: MessageID, right: MessageID) -> Bool {
        left.number < right.number
    }
}
