/// Assigns numbers to color pairs as they are needed.
///
/// Terminals have between 64 and 65,536 numbers. When they run out, all are released and the screen is drawn again.
struct ColorPairs {
    /// Two colors as curses numbers; -1 is the terminal's default.
    struct Pair: Hashable {
        /// The color of the text.
        var foreground: Int32
        /// The color of the background.
        var background: Int32
    }

    /// How many numbers there are, including zero, which stands for the terminal's default colors.
    let capacity: Int
    private var numbers: [Pair: Int32] = [:]

    init(capacity: Int) {
        self.capacity = capacity
    }

    /// Returns the number of a pair.
    ///
    /// - Parameters:
    ///   - pair: The colors.
    ///   - define: Called to define a new number in the terminal.
    /// - Returns: The number; nil if none is left.
    mutating func number(of pair: Pair, define: (Int32, Pair) -> Void) -> Int32? {
        if pair.foreground < 0, pair.background < 0 { return 0 }
        if let number = numbers[pair] { return number }
        let number = numbers.count + 1
        guard number < capacity else { return nil }
        numbers[pair] = Int32(number)
        define(Int32(number), pair)
        return Int32(number)
    }

    /// Releases all numbers.
    mutating func removeAll() {
        numbers.removeAll(keepingCapacity: true)
    }
}
