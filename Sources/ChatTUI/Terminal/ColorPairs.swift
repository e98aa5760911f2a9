/// Numbers of color pairs, given out as pairs of colors turn up.
///
/// Terminals have between 64 and 65,536; when they run out, everything is
/// given back and the screen painted anew.
struct ColorPairs {
    /// Two colors as curses takes them; -1 is the terminal's own.
    struct Pair: Hashable {
        /// The text's color.
        var foreground: Int32
        /// The color behind it.
        var background: Int32
    }

    /// How many numbers there are, zero included, which is the terminal's own colors.
    let capacity: Int
    private var numbers: [Pair: Int32] = [:]

    init(capacity: Int) {
        self.capacity = capacity
    }

    /// The number of a pair.
    ///
    /// - Parameters:
    ///   - pair: The colors.
    ///   - define: Tells the terminal about a number that is new.
    /// - Returns: The number, or nil when none is left.
    mutating func number(of pair: Pair, define: (Int32, Pair) -> Void) -> Int32? {
        if pair.foreground < 0, pair.background < 0 { return 0 }
        if let number = numbers[pair] { return number }
        let number = numbers.count + 1
        guard number < capacity else { return nil }
        numbers[pair] = Int32(number)
        define(Int32(number), pair)
        return Int32(number)
    }

    /// Gives all numbers back.
    mutating func removeAll() {
        numbers.removeAll(keepingCapacity: true)
    }
}
