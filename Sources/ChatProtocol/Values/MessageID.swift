/// The server's number of a CHATR or INFO: strictly increasing, for ever.
///
/// Ids order messages and mark positions in the history; they are not
/// contiguous for any one reader, because private messages take numbers too.
public struct MessageID: Hashable, Comparable, Sendable {
    /// The number; the first message of a server has 1.
    public let number: Int64

    /// Creates an id.
    ///
    /// - Parameter number: The server's number.
    public init(_ number: Int64) {
        self.number = number
    }

    /// Reads the decimal form of the `id`, `since` and `before` keys, or nil
    /// where it is not a number from 0 up.
    public init?(_ text: String) {
        guard let number = Int64(text), number >= 0 else { return nil }
        self.number = number
    }

    /// Orders as the server numbered.
    public static func < (left: MessageID, right: MessageID) -> Bool {
        left.number < right.number
    }
}
