/// A message as it is sent: `reason,parameters,content`.
///
/// This is the step between bytes and ``Request`` or ``Response``. It handles escaping and the two commas, and does not
/// know what the reasons mean.
public struct Message: Hashable, Sendable {
    /// The word that names the kind of message; letters only, case-sensitive.
    public var reason: String
    /// The parameters, unescaped.
    public var parameters: Parameters
    /// Everything after the second unescaped comma, unchanged.
    public var content: String

    /// Creates a message.
    public init(reason: String, parameters: Parameters = Parameters(), content: String = "") {
        self.reason = reason
        self.parameters = parameters
        self.content = content
    }
}
