/// Where the parts of a message go, in the order of the wire.
///
/// Each kind of message says once which parts it has; a sink makes bytes of
/// them, or a ``Message``.
protocol MessageSink {
    /// Starts the message.
    mutating func begin(_ reason: String)
    /// Adds a parameter. Keys of the protocol need no escaping.
    mutating func parameter(_ key: String, _ value: String)
    /// Adds a parameter that is a number.
    mutating func parameter(_ key: String, _ value: Int64)
    /// Adds a parameter whose key is a word and a number.
    mutating func parameter(_ key: String, _ index: Int, _ value: String)
    /// Adds the time.
    mutating func parameter(_ key: String, _ value: WireTime)
    /// Ends the message.
    mutating func end(_ content: String)
}

extension MessageSink {
    mutating func parameter(_ key: String, _ value: Int) {
        parameter(key, Int64(value))
    }

    mutating func parameter(_ key: String, _ value: Bool) {
        parameter(key, value ? "1" : "0")
    }
}

/// Makes a ``Message``.
struct ValueSink: MessageSink {
    var message = Message(reason: "")

    mutating func begin(_ reason: String) {
        message.reason = reason
    }

    mutating func parameter(_ key: String, _ value: String) {
        message.parameters.append(key, value)
    }

    mutating func parameter(_ key: String, _ value: Int64) {
        message.parameters.append(key, String(value))
    }

    mutating func parameter(_ key: String, _ index: Int, _ value: String) {
        message.parameters.append(key + String(index), value)
    }

    mutating func parameter(_ key: String, _ value: WireTime) {
        message.parameters.append(key, value.description)
    }

    mutating func end(_ content: String) {
        message.content = content
    }
}
