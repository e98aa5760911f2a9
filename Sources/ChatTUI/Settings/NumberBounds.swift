internal import ArgumentParser

/// The numbers that a setting takes, both ends included.
struct NumberBounds: Hashable, Sendable {
    private let range: ClosedRange<Int>
    private let takesFractions: Bool

    /// - Parameter range: One that ends with the largest number there is has no upper bound for the reader.
    init(_ range: ClosedRange<Int>, takesFractions: Bool = false) {
        self.range = range
        self.takesFractions = takesFractions
    }

    /// The bounds of every setting that is a number, by name.
    static let all: [String: NumberBounds] = [
        "port": NumberBounds(0...65_535),
        "keep-messages": NumberBounds(0...Int.max),
        "keep-days": NumberBounds(1...36_500),
    ].merging(LimitOptions.bounds) { $1 }

    /// What is allowed, in words.
    var words: String {
        let number = takesFractions ? "a number" : "a whole number"
        return range.upperBound == .max
            ? "\(number) from \(range.lowerBound) on" : "\(number) between \(range.lowerBound) and \(range.upperBound)"
    }

    /// Refuses a number out of bounds.
    ///
    /// - Throws: A `ValidationError` that names the flag, the value and what is allowed.
    static func check(_ value: some BinaryInteger, _ name: String) throws {
        try check(Double(value), shown: "\(value)", name)
    }

    /// The same for fractions.
    static func check(_ value: Double, _ name: String) throws {
        try check(value, shown: "\(value)", name)
    }

    private static func check(_ value: Double, shown: String, _ name: String) throws {
        guard let bounds = all[name] else { return }
        guard (Double(bounds.range.lowerBound)...Double(bounds.range.upperBound)).contains(value) else {
            throw ValidationError("--\(name) is \(bounds.words), not \(shown).")
        }
    }
}
