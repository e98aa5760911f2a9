internal import ChatProtocol

/// Why something is refused: a code word for programs, a sentence for people.
struct Fault: Hashable, Sendable {
    /// The code word.
    let refusal: Refusal
    /// The sentence, without a mark before it or a period after it.
    let text: String
    /// When a ban ends, in milliseconds since the Unix epoch; nil for never, and for other faults.
    let until: Int64?

    init(_ refusal: Refusal, _ text: String, until: Int64? = nil) {
        self.refusal = refusal
        self.text = text
        self.until = until
    }
}

extension [Fault] {
    /// All faults in one text, each with a period at the end, as with the original server.
    var sentences: String {
        "Error: " + map { $0.text + "." }.joined(separator: " ")
    }
}

extension Response.Body {
    /// The fault as an ERR.
    static func error(_ fault: Fault) -> Response.Body { .error([fault].sentences, fault.refusal) }

    /// The fault as a CONVER, without a period, as from the original server.
    static func refused(_ fault: Fault, framing: Framing) -> Response.Body {
        let text = "Error: \(fault.text)"
        // A client that did not ask for framing knows no keys.
        return .login(framing == .none ? .refused(text) : .refused(text, fault.refusal, until: fault.until))
    }
}

extension Confirmation {
    /// The negative answer to a request.
    ///
    /// If there are several faults, the code word is the one of the first.
    init(subject: Subject, faults: [Fault]) {
        self.init(subject: subject, refusal: faults.first?.refusal, text: faults.sentences)
    }
}
