internal import ChatProtocol
internal import ChatServerCore

/// Formats a record of the history as one line.
enum HistoryLine {
    /// A line for people; everything in it is safe to show.
    static func text(_ record: HistoryRecord, times: TimeOptions) -> String {
        let time = times.written(record.moment)
        switch record.content {
        case .chat(let chat):
            let recipient: String
            switch chat.recipient {
            case .everyone: recipient = ""
            case .user(let nickname): recipient = " -> \(SafeText(line: nickname))"
            }
            return "\(time) <\(SafeText(line: chat.sender))\(recipient)> \(SafeText(line: chat.text))"
        case .info(let info):
            return "\(time) * \(SafeText(line: info.text))"
        }
    }

    /// A line for programs: one JSON object with the texts unchanged.
    static func json(_ record: HistoryRecord, times: TimeOptions) -> String {
        var fields: [(String, String)] = [
            ("id", "\(record.id.number)"),
            ("at", "\(record.moment.unixMilliseconds)"),
            ("time", quoted(WrittenTime.iso8601(times.moment(record.moment)))),
        ]
        switch record.content {
        case .chat(let chat):
            fields.append(("kind", quoted(record.visibility == .everyone ? "message" : "private")))
            fields.append(("sender", quoted(chat.sender)))
            if case .user(let nickname) = chat.recipient { fields.append(("recipient", quoted(nickname))) }
            fields.append(("color", quoted(chat.color)))
            fields.append(("text", quoted(chat.text)))
        case .info(let info):
            fields.append(("kind", quoted("info")))
            fields.append(("sender", quoted(info.sender)))
            fields += Self.fields(of: info.event)
            fields.append(("text", quoted(info.text)))
        }
        return "{" + fields.map { "\(quoted($0)):\($1)" }.joined(separator: ",") + "}"
    }

    private static func fields(of event: Info.Event?) -> [(String, String)] {
        switch event {
        case nil: []
        case .join(let color, let isAdmin):
            [("event", quoted("join")), ("color", quoted(color)), ("admin", "\(isAdmin)")]
        case .leave:
            [("event", quoted("leave"))]
        case .kick(let user):
            [("event", quoted("kick")), ("user", quoted(user))]
        case .update(let previous, let color, let isAdmin):
            [
                ("event", quoted("update")), ("previous", quoted(previous)), ("color", quoted(color)),
                ("admin", "\(isAdmin)"),
            ]
        }
    }

    /// A JSON string; characters that could harm a terminal are written as `\u…`, too.
    static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            default:
                switch scalar.properties.generalCategory {
                case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
                    for unit in String(scalar).utf16 {
                        let digits = String(unit, radix: 16)
                        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                    }
                default:
                    quoted.unicodeScalars.append(scalar)
                }
            }
        }
        return quoted + "\""
    }
}
