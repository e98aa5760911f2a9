internal import ChatProtocol

/// Why something is refused: a word for programs, a sentence for people.
struct Fault: Hashable, Sendable {
    /// The word.
    let refusal: Refusal
    /// The sentence, without a mark before it and a period after it.
    let text: String
    /// Of a ban: when it ends, in milliseconds since the Unix epoch; nil for never.
    let until: Int64?

    init(_ refusal: Refusal, _ text: String, until: Int64? = nil) {
        self.refusal = refusal
        self.text = text
        self.until = until
    }
}

extension [Fault] {
    /// All faults in one text; they end in periods as with the original server.
    var sentences: String {
        "Error: " + map { $0.text + "." }.joined(separator: " ")
    }
}

extension Response.Body {
    /// An ERR.
    static func error(_ fault: Fault) -> Response.Body { .error([fault].sentences, fault.refusal) }

    /// A CONVER, without a period as from the original server.
    static func refused(_ fault: Fault, framing: Framing) -> Response.Body {
        let text = "Error: \(fault.text)"
        // Who did not ask for framing knows no keys.
        return .login(framing == .none ? .refused(text) : .refused(text, fault.refusal, until: fault.until))
    }
}

extension Confirmation {
    /// The answer to a request that comes to nothing; with several faults the
    /// word is for the first.
    init(subject: Subject, faults: [Fault]) {
        self.init(subject: subject, refusal: faults.first?.refusal, text: faults.sentences)
    }
}
