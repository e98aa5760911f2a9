/// A calendar time without a zone, as in the `time` key of a response.
///
/// The seed documents `YYYY-MM-DD HH-MM-SS`; the original server writes `YYYY-MM-DD HH:MM:SS`. Both are read, and the
/// documented form is written.
public struct WireTime: Hashable, Comparable, Sendable {
    /// The year, 0 to 9999.
    public let year: Int
    /// The month, 1 to 12.
    public let month: Int
    /// The day of the month, 1 to 31.
    public let day: Int
    /// The hour, 0 to 23.
    public let hour: Int
    /// The minute, 0 to 59.
    public let minute: Int
    /// The second, 0 to 60 (a leap second may be reported).
    public let second: Int

    /// Creates a time from its parts; nil if one is out of range.
    ///
    /// - Parameters:
    ///   - year: 0 to 9999.
    ///   - month: 1 to 12.
    ///   - day: 1 to 31.
    ///   - hour: 0 to 23.
    ///   - minute: 0 to 59.
    ///   - second: 0 to 60.
    public init?(year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int) {
        guard (0...9999).contains(year), (1...12).contains(month), (1...31).contains(day),
            (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second)
        else { return nil }
        self.year = year
        self.month = month
        self.day = day
        self.hour = hour
        self.minute = minute
        self.second = second
    }

    /// Creates the time that a local clock shows.
    ///
    /// - Parameter localMilliseconds: Milliseconds since 1970-01-01 00:00:00 of local time; clamped to years with at
    ///   most four digits.
    public init(localMilliseconds: Int64) {
        let lastMillisecond: Int64 = 253_402_300_799_999
        let firstMillisecond: Int64 = -62_167_219_200_000
        let clamped = min(max(localMilliseconds, firstMillisecond), lastMillisecond)
        let seconds = clamped / 1000 - (clamped % 1000 < 0 ? 1 : 0)
        var days = seconds / 86_400
        var rest = seconds % 86_400
        if rest < 0 {
            rest += 86_400
            days -= 1
        }
        // Convert days to a civil date by 400-year eras that start on 1 March, so that the leap day is the last day of
        // a year.
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let monthOfYear = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        self.year = Int(yearOfEra + era * 400 + (monthOfYear <= 2 ? 1 : 0))
        self.month = Int(monthOfYear)
        self.day = Int(dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
        self.hour = Int(rest / 3600)
        self.minute = Int(rest / 60 % 60)
        self.second = Int(rest % 60)
    }

    /// Reads either written form; nil if the text is neither.
    ///
    /// - Parameter text: `YYYY-MM-DD HH-MM-SS` or `YYYY-MM-DD HH:MM:SS`.
    public init?(_ text: String) {
        guard text.utf8.count == 19 else { return nil }
        var numbers: [Int] = []
        var value = 0
        var separator = UInt8(ascii: "-")
        for (index, byte) in text.utf8.enumerated() {
            switch index {
            case 4, 7:
                guard byte == UInt8(ascii: "-") else { return nil }
            case 10:
                guard byte == UInt8(ascii: " ") else { return nil }
            case 13:
                guard byte == UInt8(ascii: "-") || byte == UInt8(ascii: ":") else { return nil }
                separator = byte
            case 16:
                guard byte == separator else { return nil }
            default:
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
                value = value * 10 + Int(byte - UInt8(ascii: "0"))
                continue
            }
            numbers.append(value)
            value = 0
        }
        guard numbers.count == 5 else { return nil }
        self.init(
            year: numbers[0],
            month: numbers[1],
            day: numbers[2],
            hour: numbers[3],
            minute: numbers[4],
            second: value
        )
    }

    /// Orders by date and time.
    public static func < (left: WireTime, right: WireTime) -> Bool {
        (left.year, left.month, left.day) == (right.year, right.month, right.day)
            ? (left.hour, left.minute, left.second) < (right.hour, right.minute, right.second)
            : (left.year, left.month, left.day) < (right.year, right.month, right.day)
    }

    /// How many bytes the documented form takes.
    static let encodedCount = "YYYY-MM-DD HH-MM-SS".utf8.count

    /// Appends the documented form.
    func append(to output: inout OutputSpan<UInt8>) {
        Self.append(year / 100, to: &output)
        Self.append(year, to: &output)
        output.append(UInt8(ascii: "-"))
        Self.append(month, to: &output)
        output.append(UInt8(ascii: "-"))
        Self.append(day, to: &output)
        output.append(UInt8(ascii: " "))
        Self.append(hour, to: &output)
        output.append(UInt8(ascii: "-"))
        Self.append(minute, to: &output)
        output.append(UInt8(ascii: "-"))
        Self.append(second, to: &output)
    }

    /// Appends the last two digits of a number.
    private static func append(_ value: Int, to output: inout OutputSpan<UInt8>) {
        output.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value / 10 % 10))
        output.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value % 10))
    }
}

extension WireTime: CustomStringConvertible {
    /// The documented form, `YYYY-MM-DD HH-MM-SS`.
    public var description: String {
        var bytes: [UInt8] = []
        bytes.append(addingCapacity: Self.encodedCount) { append(to: &$0) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
