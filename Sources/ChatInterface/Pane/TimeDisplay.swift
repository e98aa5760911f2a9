internal import ChatProtocol

/// How the time of a line is shown.
public enum TimeDisplay: Hashable, Sendable, CaseIterable {
    /// `12:04`
    case minutes
    /// `12:04:31`
    case seconds
    /// The time is not shown.
    case hidden

    /// The cells that it takes.
    var columns: Int {
        switch self {
        case .minutes: 5
        case .seconds: 8
        case .hidden: 0
        }
    }

    func text(_ time: WireTime) -> String {
        switch self {
        case .minutes: "\(Self.twoDigits(time.hour)):\(Self.twoDigits(time.minute))"
        case .seconds:
            "\(Self.twoDigits(time.hour)):\(Self.twoDigits(time.minute)):\(Self.twoDigits(time.second))"
        case .hidden: ""
        }
    }

    private static func twoDigits(_ number: Int) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }
}

extension WireTime {
    /// The day in words, as long as fits: `Sunday, 22 November 2026`, `Sun 22 Nov 2026`, `22 Nov`.
    func dayText(columns: Int) -> String {
        let months = [
            "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
            "November", "December",
        ]
        let weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
        let monthName = months.indices.contains(month - 1) ? months[month - 1] : ""
        let weekdayName = weekdays.indices.contains(weekday) ? weekdays[weekday] : ""
        let long = "\(weekdayName), \(day) \(monthName) \(year)"
        if long.utf8.count <= columns { return long }
        let medium = "\(weekdayName.prefix(3)) \(day) \(monthName.prefix(3)) \(year)"
        if medium.utf8.count <= columns { return medium }
        return "\(day) \(monthName.prefix(3))"
    }

    /// The day of the week, 0 for Sunday (Sakamoto's method).
    private var weekday: Int {
        let offsets = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4]
        guard offsets.indices.contains(month - 1) else { return 0 }
        let year = month < 3 ? self.year - 1 : self.year
        // The calendar repeats every 400 years, so this avoids negative years.
        let positive = year < 0 ? year + 400 : year
        return (positive + positive / 4 - positive / 100 + positive / 400 + offsets[month - 1] + day) % 7
    }
}
