internal import ChatProtocol

/// A moment as people read it: `2026-11-22 12:04:05`.
struct WrittenTime: CustomStringConvertible {
    /// The text.
    let description: String

    /// Writes the local time of where it was taken.
    init(_ moment: Timestamp) {
        let time = moment.wireTime
        let day = [time.month, time.day].map { "-" + Self.padded($0) }.joined()
        let clock = [time.hour, time.minute, time.second].map(Self.padded).joined(separator: ":")
        description = "\(time.year)\(day) \(clock)"
    }

    /// ISO 8601 with the offset: `2026-11-22T12:04:05+01:00`.
    static func iso8601(_ moment: Timestamp) -> String {
        let minutes = abs(moment.utcOffsetSeconds) / 60
        let offset =
            minutes == 0
            ? "Z"
            : (moment.utcOffsetSeconds < 0 ? "-" : "+") + "\(padded(Int(minutes / 60))):\(padded(Int(minutes % 60)))"
        let written = WrittenTime(moment).description.split(separator: " ").joined(separator: "T")
        return written + offset
    }

    private static func padded(_ number: Int) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }
}
