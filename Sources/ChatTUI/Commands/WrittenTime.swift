internal import ArgumentParser
internal import ChatProtocol
internal import Glibc

/// A moment in the form that people read: `2026-11-22 12:04:05`.
struct WrittenTime: CustomStringConvertible {
    /// The text.
    let description: String

    /// Writes the moment in its own offset from UTC.
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

/// The option that chooses the clock for written times.
struct TimeOptions: ParsableArguments {
    @Flag(help: "Write times in UTC, marked with a Z, and not in local time.")
    var utc = false

    /// The same moment with the offset of that clock.
    func moment(_ moment: Timestamp) -> Timestamp {
        var seconds = time_t(moment.unixMilliseconds / 1000)
        var local = tm()
        let offset = utc || localtime_r(&seconds, &local) == nil ? 0 : local.tm_gmtoff
        return Timestamp(
            unixMilliseconds: moment.unixMilliseconds,
            utcOffsetSeconds: Int32(truncatingIfNeeded: offset)
        )
    }

    /// The moment as people read it, marked if it is not in the reader's local time.
    func written(_ moment: Timestamp) -> String {
        "\(WrittenTime(self.moment(moment)))\(utc ? "Z" : "")"
    }
}
