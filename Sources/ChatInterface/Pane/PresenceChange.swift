internal import ChatProtocol
internal import ChatSession

/// Somebody who joined or left.
struct PresenceChange: Hashable, Sendable {
    /// The serial of its line, even if it was merged into another line.
    let serial: Int
    let name: SafeText
    let isJoin: Bool
    let place: TimelineEntry.Place
    let time: WireTime

    /// Reads an entry; nil if it is about something else.
    init?(_ entry: TimelineEntry, serial: Int, time: WireTime) {
        guard case .info(let sender, let event?) = entry.kind else { return nil }
        switch event {
        case .join: isJoin = true
        case .leave: isJoin = false
        case .kick, .update: return nil
        }
        self.serial = serial
        self.name = sender
        self.place = entry.place
        self.time = time
    }

    /// The most changes in one line; a flood of them makes more lines.
    static let maximumInLine = 200

    /// How many minutes one line covers.
    private static let minutesInLine = 10

    /// Whether it can join a line with these changes.
    func fits(after changes: [PresenceChange]) -> Bool {
        guard let first = changes.first, changes.count < Self.maximumInLine, time.isSameDay(as: first.time) else {
            return false
        }
        let minutes = (time.hour - first.time.hour) * 60 + time.minute - first.time.minute
        return (0..<Self.minutesInLine).contains(minutes)
    }

    /// The changes in one sentence: `alice, bob and carol joined · dave left`.
    static func sentence(_ changes: [PresenceChange], separator: String) -> SafeText {
        var order: [SafeText] = []
        var first: [SafeText: Bool] = [:]
        var last: [SafeText: Bool] = [:]
        for change in changes {
            if first.updateValue(first[change.name] ?? change.isJoin, forKey: change.name) == nil {
                order.append(change.name)
            }
            last[change.name] = change.isJoin
        }
        let outcomes: [(joinedFirst: Bool, isHere: Bool, verb: String)] = [
            (true, true, "joined"),
            (false, false, "left"),
            (true, false, "joined and left"),
            (false, true, "left and came back"),
        ]
        var parts: [(start: Int, text: String)] = []
        for outcome in outcomes {
            let names = order.indices.filter {
                first[order[$0]] == outcome.joinedFirst && last[order[$0]] == outcome.isHere
            }
            guard let start = names.first else { continue }
            parts.append((start, list(names.map { order[$0].text }) + " " + outcome.verb))
        }
        // Sort by when each part began.
        parts.sort { $0.start < $1.start }
        return SafeText(line: parts.map(\.text).joined(separator: " \(separator) "))
    }

    /// The names as a list, `a`, `a and b`, `a, b and c`; a long list ends with a count.
    private static func list(_ names: [String]) -> String {
        let most = 8
        if names.count > most + 1 {
            return names.prefix(most).joined(separator: ", ") + " and \(names.count - most) others"
        }
        guard names.count > 1, let last = names.last else { return names.joined() }
        return names.dropLast().joined(separator: ", ") + " and " + last
    }
}
