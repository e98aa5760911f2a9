/// Why a store could not do what it was asked.
public struct StoreError: Error, Hashable, Sendable {
    /// What went wrong, for the operator's log; names no secret and no message text.
    public var reason: String

    /// Creates an error.
    public init(_ reason: String) {
        self.reason = reason
    }
}
