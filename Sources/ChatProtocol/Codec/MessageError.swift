/// Why bytes are not a message, and where.
public struct MessageError: Error, Hashable, Sendable {
    /// The kinds of faults.
    public enum Code: Hashable, Sendable {
        /// The bytes end before the second unescaped comma; more may complete them.
        case incompleteHeader
        /// The bytes end inside a UTF-8 sequence; more may complete them.
        case incompleteCharacter
        /// The bytes end in the parameters, right after a `/` that has nothing to escape; more may complete them.
        case danglingEscape
        /// Some bytes are not UTF-8.
        case invalidUTF8
        /// The reason is empty, has something other than letters, or is longer than ``Limits/reasonLetters``.
        case invalidReason
        /// A parameter has no `=`.
        case parameterWithoutValue
        /// There are more parameters than ``Limits/parameters``.
        case tooManyParameters
        /// The message has more bytes than this limit.
        case tooLong(Int)
        /// This side does not know the reason.
        case unknownReason(String)
        /// A parameter that the reason needs is missing or can't be read.
        case invalidParameter(String)
    }

    /// What is wrong.
    public var code: Code
    /// The index of the byte where the fault shows, from the start of the message.
    public var offset: Int

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - code: What is wrong.
    ///   - offset: The index of the byte where it shows, from the start of the message.
    public init(_ code: Code, at offset: Int) {
        self.code = code
        self.offset = offset
    }

    /// Whether more bytes could still complete the message.
    ///
    /// This matters only for unframed streams: in a netstring all bytes are there, so an incomplete message is
    /// malformed.
    public var isIncomplete: Bool {
        switch code {
        case .incompleteHeader, .incompleteCharacter, .danglingEscape: true
        default: false
        }
    }
}

extension MessageError: CustomStringConvertible {
    /// The fault in words for a peer: safe to show, and never longer than a line.
    public var description: String {
        switch code {
        case .incompleteHeader: "The message ends before its second comma."
        case .incompleteCharacter: "The message ends inside a character."
        case .danglingEscape: "The parameters end in a lone slash."
        case .invalidUTF8: "Byte \(offset) is not UTF-8."
        case .invalidReason: "A message starts with letters and a comma."
        case .parameterWithoutValue: "The parameter at byte \(offset) has no equals sign."
        case .tooManyParameters: "Too many parameters."
        case .tooLong(let limit): "Longer than \(limit) bytes."
        case .unknownReason(let reason): "Unknown reason: \(reason)."
        case .invalidParameter(let key): "The parameter \(key) is missing or unreadable."
        }
    }
}
