/// Case folding together with compatibility normalisation, to a fixpoint.
///
/// The standard library has neither, only canonical equivalence when it
/// compares strings; the table makes up the difference. Of characters newer than
/// the table, case at least is folded.
enum CompatibilityFolding {
    /// Folds a text, scalar by scalar.
    ///
    /// - Parameter text: Any text.
    /// - Returns: A text that equals that of any other spelling, as Swift
    ///   compares strings; not in any one normal form.
    static func fold(_ text: String) -> String {
        var folded = ""
        folded.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            guard let run = run(of: scalar.value) else {
                if scalar.isNewerThanTable {
                    folded += scalar.properties.lowercaseMapping
                } else {
                    folded.unicodeScalars.append(scalar)
                }
                continue
            }
            for target in run.targets {
                if let scalar = Unicode.Scalar(target + scalar.value - run.first) {
                    folded.unicodeScalars.append(scalar)
                }
            }
        }
        return folded
    }

    /// Scalars that fold alike.
    fileprivate struct Run {
        var first: UInt32
        var last: UInt32
        var stride: UInt32
        /// What the first one folds to; others have one, as far from it as they
        /// are from the first.
        var targets: [UInt32]
    }

    private static func run(of value: UInt32) -> Run? {
        let index = runs.partitioningIndex { $0.last >= value }
        guard index < runs.count, runs[index].first <= value else { return nil }
        return (value - runs[index].first).isMultiple(of: runs[index].stride) ? runs[index] : nil
    }

    /// Read once, when the first nickname that is not ASCII comes.
    private static let runs = source.split(whereSeparator: \.isWhitespace).compactMap { Run($0) }
}

extension Unicode.Scalar {
    /// Whether the standard library knows the character and the table does not.
    fileprivate var isNewerThanTable: Bool {
        guard let age = properties.age else { return false }
        return (age.major, age.minor) > CompatibilityFolding.unicodeVersion
    }
}

extension CompatibilityFolding.Run {
    /// Reads an entry of the table.
    fileprivate init?(_ entry: Substring) {
        let sides = entry.split(separator: ">")
        guard sides.count == 2, let left = sides.first, let right = sides.last else { return nil }
        let parts = left.split(separator: "/").first?.split(separator: "*") ?? []
        guard let first = parts.first.flatMap({ UInt32($0, radix: 16) }) else { return nil }
        let count = parts.dropFirst().first.flatMap { UInt32($0, radix: 16) } ?? 1
        self.first = first
        stride = left.hasSuffix("/2") ? 2 : 1
        last = first + (count - 1) * stride
        targets = right.split(separator: "+").compactMap { UInt32($0, radix: 16) }
    }
}
