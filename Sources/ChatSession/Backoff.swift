/// How long to wait before the next attempt to connect.
///
/// The wait doubles with every attempt, up to a minute. Half of each wait is random, so that the clients of a server
/// that closed don't all come back at once.
struct Backoff: Sendable {
    static let firstMilliseconds = 1000
    static let longestMilliseconds = 60_000
    /// The longest wait that a server may ask for, in seconds.
    static let longestReturnSeconds = 300

    /// The number of attempts since the last success.
    private(set) var attempt = 0

    /// Counts an attempt and returns how many milliseconds to wait before it.
    mutating func next(using random: inout RandomSource) -> Int {
        let doublings = min(attempt, 6)
        let ceiling = min(Self.firstMilliseconds << doublings, Self.longestMilliseconds)
        attempt += 1
        return ceiling / 2 + Int.random(in: 0...ceiling / 2, using: &random)
    }

    /// Counts an attempt at a server that closed and said when to come back; returns the wait in milliseconds.
    ///
    /// All clients were told the same time, so a random time of up to the same length is added.
    mutating func next(afterSeconds seconds: Int, using random: inout RandomSource) -> Int {
        attempt += 1
        let least = min(max(seconds, 1), Self.longestReturnSeconds) * 1000
        return least + Int.random(in: 0...least, using: &random)
    }

    /// Shortens the waits after an accepted login: they stay below ten seconds until ``reset()`` says that the
    /// connection has lasted.
    mutating func ease() {
        attempt = min(attempt, 3)
    }

    mutating func reset() {
        attempt = 0
    }
}
