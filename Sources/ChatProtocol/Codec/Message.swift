/// A message as the wire has it: `reason,parameters,content`.
///
/// The step between bytes and ``Request`` or ``Response``: it knows escaping
/// and the two commas, and nothing of what the reasons mean.
public struct Message: Hashable, Sendable {
    /// The word that says what this is; letters only, case-sensitive.
    public var reason: String
    /// The parameters, unescaped.
    public var parameters: Parameters
    /// Everything after the second unescaped comma, verbatim.
    public var content: String

    /// Creates a message.
    public init(reason: String, parameters: Parameters = Parameters(), content: String = "") {
        self.reason = reason
        self.parameters = parameters
        self.content = content
    }
}
