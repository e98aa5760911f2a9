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

/// Makes bytes.
struct ByteSink: MessageSink {
    var bytes: [UInt8] = []
    private var hasParameters = false

    mutating func begin(_ reason: String) {
        bytes.append(contentsOf: reason.utf8)
        bytes.append(UInt8(ascii: ","))
    }

    private mutating func key(_ key: String) {
        if hasParameters { bytes.append(UInt8(ascii: ";")) }
        hasParameters = true
        bytes.append(contentsOf: key.utf8)
    }

    mutating func parameter(_ key: String, _ value: String) {
        self.key(key)
        bytes.append(UInt8(ascii: "="))
        Parameters.escape(value, into: &bytes)
    }

    mutating func parameter(_ key: String, _ value: Int64) {
        self.key(key)
        bytes.append(UInt8(ascii: "="))
        append(value)
    }

    mutating func parameter(_ key: String, _ index: Int, _ value: String) {
        self.key(key)
        append(Int64(index))
        bytes.append(UInt8(ascii: "="))
        Parameters.escape(value, into: &bytes)
    }

    mutating func parameter(_ key: String, _ value: WireTime) {
        self.key(key)
        bytes.append(UInt8(ascii: "="))
        value.encode(into: &bytes)
    }

    mutating func end(_ content: String) {
        bytes.append(UInt8(ascii: ","))
        bytes.append(contentsOf: content.utf8)
    }

    private mutating func append(_ number: Int64) {
        bytes.append(contentsOf: String(number).utf8)
    }
}
