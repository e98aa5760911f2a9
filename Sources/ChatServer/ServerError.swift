/// Why a server could not start, in one line for the operator.
public struct ServerError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The line, without a final period.
    public let description: String

    /// Whether another program, or another server, listens there already.
    public internal(set) var isPortInUse = false

    /// Whether the machine has no addresses of the family that was asked for.
    var isMissingFamily = false

    /// Creates an error.
    public init(_ description: String) {
        self.description = description
    }
}
