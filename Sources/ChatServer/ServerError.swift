/// Why a server could not start, in one line for the operator.
public struct ServerError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The line, without a final period.
    public let description: String

    /// Creates an error.
    public init(_ description: String) {
        self.description = description
    }
}
