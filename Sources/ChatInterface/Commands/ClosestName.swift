/// Finds what a user probably meant to type.
public enum ClosestName {
    /// The candidate with the fewest typing mistakes in between; nil if none is close.
    ///
    /// A mistake is a letter too many, too few, wrong, or swapped with its neighbor. At most half of the typed letters
    /// may be mistakes, and at most three.
    public static func find(_ typed: String, among candidates: [String]) -> String? {
        // Nobody types a command of this length, and comparing costs its square.
        guard !typed.isEmpty, typed.utf8.count <= 32 else { return nil }
        let typed = typed.lowercased()
        if let started = candidates.first(where: { $0.hasPrefix(typed) }) { return started }
        var best: (name: String, distance: Int)?
        for candidate in candidates {
            let distance = distance(Array(typed), Array(candidate))
            if distance < best?.distance ?? Int.max { best = (candidate, distance) }
        }
        guard let best, best.distance <= min(3, max(1, typed.count / 2)) else { return nil }
        return best.name
    }

    /// The distance in typing mistakes (optimal string alignment).
    private static func distance(_ left: [Character], _ right: [Character]) -> Int {
        var beforePrevious: [Int] = []
        var previous = Array(0...right.count)
        for (row, character) in left.enumerated() {
            var current = [row + 1]
            for (column, other) in right.enumerated() {
                let change = character == other ? 0 : 1
                var cost = min(previous[column + 1] + 1, current[column] + 1, previous[column] + change)
                if row > 0, column > 0, character == right[column - 1], left[row - 1] == other {
                    cost = min(cost, beforePrevious[column - 1] + 1)
                }
                current.append(cost)
            }
            beforePrevious = previous
            previous = current
        }
        return previous.last ?? left.count
    }
}
