internal import ChatProtocol

/// The term of a ban as people type and read it.
extension BanTerm {
    /// How long a ban lasts if no term is given: time to calm down.
    static let standard = BanTerm.seconds(86_400)

    /// The terms that Tab offers.
    static let suggestions = ["30m", "2h", "1d", "7d", "forever"]

    private static let units: [(letter: Character, seconds: Int, name: String)] = [
        ("w", 604_800, "week"), ("d", 86_400, "day"), ("h", 3600, "hour"), ("m", 60, "minute"), ("s", 1, "second"),
    ]

    /// Reads `30m`, `2h`, `7d` and the like, or `forever`.
    ///
    /// Nil for anything else, and for more than the longest ban.
    init?(typed: String) {
        let typed = typed.lowercased()
        if typed == "forever" {
            self = .forever
            return
        }
        guard let letter = typed.last, let unit = Self.units.first(where: { $0.letter == letter }) else { return nil }
        let digits = typed.dropLast()
        guard (1...9).contains(digits.utf8.count), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let count = Int(digits)
        else { return nil }
        // This can't overflow: there are at most nine digits, and the largest unit is a week.
        let seconds = count * unit.seconds
        guard (1...Limits.banSeconds).contains(seconds) else { return nil }
        self = .seconds(seconds)
    }

    /// Whether a word looks like a term, right or wrong: a reason does not start with a number.
    static func isMeant(by word: String) -> Bool {
        let digits = word.first == "-" || word.first == "+" ? word.dropFirst() : word[...]
        return digits.first?.isNumber == true
    }

    /// The term in words: `for 2 hours`, `for ever`.
    var words: String {
        guard case .seconds(let seconds) = self else { return "for ever" }
        let unit = Self.units.first { $0.name != "week" && seconds % $0.seconds == 0 }
        let count = seconds / (unit?.seconds ?? 1)
        return "for \(count) \(unit?.name ?? "second")\(count == 1 ? "" : "s")"
    }
}
