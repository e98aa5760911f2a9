internal import ChatProtocol
internal import Logging

/// One line of the server's log.
///
/// Everything in it is made safe. Whatever a nickname contains, it can't start a new line or control a terminal.
struct LogLine {
    /// The format of log lines.
    enum Format: String, CaseIterable, Sendable {
        /// Words for people: time, level, message, `key=value`.
        case text
        /// One JSON object per line.
        case json
    }

    /// When it happened.
    var time: Timestamp
    /// The level of importance.
    var level: Logger.Level
    /// What happened.
    var message: String
    /// Further details.
    var metadata: Logger.Metadata

    /// The line, without a line end.
    func written(as format: Format) -> String {
        switch format {
        case .text: text
        case .json: json
        }
    }

    private var text: String {
        var text = "\(written(time)) \(level.rawValue) \(SafeText(line: message).text)"
        for (key, value) in fields { text += " \(key)=\(Self.needsQuotes(value) ? Self.quoted(value) : value)" }
        return text
    }

    private var json: String {
        let always = [("time", written(time)), ("level", level.rawValue), ("message", SafeText(line: message).text)]
        let names = always.map(\.0)
        let pairs = always + fields.filter { !names.contains($0.0) }
        return "{" + pairs.map { "\(Self.quoted($0.0)):\(Self.quoted($0.1))" }.joined(separator: ",") + "}"
    }

    private var fields: [(String, String)] {
        metadata.map { (SafeText(line: $0.key).text, SafeText(line: $0.value.description).text) }
            .sorted { $0.0 < $1.0 }
    }

    private static func needsQuotes(_ text: String) -> Bool {
        text.isEmpty || text.unicodeScalars.contains { $0 == " " || $0 == "\"" || $0 == "=" || $0 == "\\" }
    }

    private static func quoted(_ text: String) -> String {
        String(decoding: JSONDocument.quoted(text), as: UTF8.self)
    }

    /// UTC with milliseconds: `2026-11-22T12:04:05.123Z`.
    private func written(_ time: Timestamp) -> String {
        let seconds = WrittenTime.iso8601(Timestamp(unixMilliseconds: time.unixMilliseconds))
        let milliseconds = String(((time.unixMilliseconds % 1000) + 1000) % 1000)
        let padded = String(repeating: "0", count: 3 - milliseconds.count) + milliseconds
        return "\(seconds.dropLast()).\(padded)Z"
    }
}
