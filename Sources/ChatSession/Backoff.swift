/// How long to wait before the next attempt to connect.
///
/// Doubles with every attempt up to a minute. Half of each wait is left to
/// chance, so that the clients of a server that closed don't come back together.
struct Backoff: Sendable {
    static let firstMilliseconds = 1000
    static let longestMilliseconds = 60_000
    /// No server may keep anybody away for longer.
    static let longestReturnSeconds = 300

    /// How many attempts there were since the last success.
    private(set) var attempt = 0

    /// Counts an attempt and says how many milliseconds to wait before it.
    mutating func next(using random: inout RandomSource) -> Int {
        let doublings = min(attempt, 6)
        let ceiling = min(Self.firstMilliseconds << doublings, Self.longestMilliseconds)
        attempt += 1
        return ceiling / 2 + Int.random(in: 0...ceiling / 2, using: &random)
    }

    /// Counts an attempt at a server that closed and said when to come back.
    ///
    /// Everybody was told the same, so as much again is left to chance.
    mutating func next(afterSeconds seconds: Int, using random: inout RandomSource) -> Int {
        attempt += 1
        let least = min(max(seconds, 1), Self.longestReturnSeconds) * 1000
        return least + Int.random(in: 0...least, using: &random)
    }

    /// A login was accepted: from here on waits stay below ten seconds, until
    /// ``reset()`` says that the connection has lasted.
    mutating func ease() {
        attempt = min(attempt, 3)
    }

    mutating func reset() {
        attempt = 0
    }
}
