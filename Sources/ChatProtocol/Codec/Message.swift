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

    /// Appends the message's bytes.
    public func encode(into bytes: inout [UInt8]) {
        bytes.append(contentsOf: reason.utf8)
        bytes.append(UInt8(ascii: ","))
        for (index, pair) in parameters.pairs.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ";")) }
            Parameters.escape(pair.key, into: &bytes)
            bytes.append(UInt8(ascii: "="))
            Parameters.escape(pair.value, into: &bytes)
        }
        bytes.append(UInt8(ascii: ","))
        bytes.append(contentsOf: content.utf8)
    }
}

/// Why bytes are no message, and where.
public struct MessageError: Error, Hashable, Sendable {
    /// The kinds of faults.
    public enum Code: Hashable, Sendable {
        /// The bytes end before the second unescaped comma; more may complete them.
        case incompleteHeader
        /// The bytes end inside a UTF-8 sequence; more may complete them.
        case incompleteCharacter
        /// Bytes that are not UTF-8.
        case invalidUTF8
        /// The reason is empty or holds something other than letters.
        case invalidReason
        /// A parameter has no `=`.
        case parameterWithoutValue
        /// A `/` stands at the very end of the parameters.
        case danglingEscape
        /// More parameters than ``Limits/parameters``.
        case tooManyParameters
        /// A reason that this side does not know.
        case unknownReason(String)
        /// A parameter that the reason needs is missing or unreadable.
        case invalidParameter(String)
    }

    /// What is wrong.
    public var code: Code
    /// The byte at which it shows, counted from the start of the message.
    public var offset: Int

    /// Creates an error.
    public init(_ code: Code, at offset: Int) {
        self.code = code
        self.offset = offset
    }
}
