/// Why a store could not do what it was asked.
public struct StoreError: Error, Hashable, Sendable {
    /// What went wrong, for the operator's log; never holds a secret or message text.
    public var reason: String

    /// Creates an error.
    public init(_ reason: String) {
        self.reason = reason
    }
}
