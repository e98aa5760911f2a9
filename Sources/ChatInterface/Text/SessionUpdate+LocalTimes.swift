internal import ChatProtocol
internal import ChatSession

/// Converts times to the reader's clock.
///
/// Servers write times in UTC, because they know nobody's time zone; all other times on the screen are on the reader's
/// clock.
extension SessionUpdate {
    /// The update with the times in the server's texts on the reader's clock; texts of people stay unchanged.
    func withLocalTimes(utcOffsetSeconds offset: Int32) -> SessionUpdate {
        switch self {
        case .status(.waiting(let reason, let milliseconds, let attempt)):
            .status(
                .waiting(reason: LocalTimes.write(in: reason, offset), milliseconds: milliseconds, attempt: attempt)
            )
        case .status(.ended(let reason)): .status(.ended(reason: LocalTimes.write(in: reason, offset)))
        case .loginNeeded(let reason?, let refusal):
            .loginNeeded(reason: reason.withLocalTimes(offset), refusal: refusal)
        case .notice(let text, let isFailure): .notice(text.withLocalTimes(offset), isFailure: isFailure)
        case .appended(let entries): .appended(entries.map { $0.withLocalTimes(offset) })
        case .inserted(let entries): .inserted(entries.map { $0.withLocalTimes(offset) })
        case .changed(let entry): .changed(entry.withLocalTimes(offset))
        default: self
        }
    }
}

extension TimelineEntry {
    fileprivate func withLocalTimes(_ offset: Int32) -> TimelineEntry {
        if case .chat = kind { return self }
        var entry = self
        entry.text = text.withLocalTimes(offset)
        return entry
    }
}

extension SafeText {
    fileprivate func withLocalTimes(_ offset: Int32) -> SafeText {
        guard LocalTimes.isFound(in: text) else { return self }
        return SafeText(block: LocalTimes.write(in: text, offset))
    }
}

private enum LocalTimes {
    static func isFound(in text: String) -> Bool { text.contains(" UTC") }

    static func write(in text: String, _ offset: Int32) -> String {
        guard isFound(in: text) else { return text }
        return text.replacing(/([0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}) UTC/) { match in
            guard let time = WireTime(String(match.output.1)) else { return String(match.output.0) }
            let local = WireTime(localMilliseconds: time.localMilliseconds + Int64(offset) * 1000)
            return "\(local.description.prefix(10)) \(TimeDisplay.minutes.text(local)) local time"
        }
    }
}

extension WireTime {
    /// Milliseconds since 1970-01-01 00:00:00 on the same clock as the time.
    fileprivate var localMilliseconds: Int64 {
        // Count years from 1 March, so that the leap day is the last day.
        let years = Int64(month > 2 ? year : year - 1) + 400
        let dayOfYear = Int64((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1)
        let days = years * 365 + years / 4 - years / 100 + years / 400 + dayOfYear - 865_565
        return ((days * 24 + Int64(hour)) * 60 + Int64(minute)) * 60_000 + Int64(second) * 1000
    }
}
