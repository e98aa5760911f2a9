/// Case folding and compatibility normalisation together, repeated until nothing changes.
///
/// The standard library has neither; it only compares strings by canonical equivalence. The table adds what is missing.
/// For characters newer than the table only the case is folded.
enum CompatibilityFolding {
    /// Folds a text, scalar by scalar.
    ///
    /// - Parameter text: Any text.
    /// - Returns: A text that equals that of every other spelling, as Swift compares strings; it is in no particular
    ///   normal form.
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

    /// A run of scalars that fold alike.
    fileprivate struct Run {
        var first: UInt32
        var last: UInt32
        var stride: UInt32
        /// What the first scalar folds to.
        ///
        /// Each of the others folds to one scalar, at the same distance from this one as it is from the first.
        var targets: [UInt32]
    }

    private static func run(of value: UInt32) -> Run? {
        let index = runs.partitioningIndex { $0.last >= value }
        guard index < runs.count, runs[index].first <= value else { return nil }
        return (value - runs[index].first).isMultiple(of: runs[index].stride) ? runs[index] : nil
    }

    /// Read once, when the first nickname with a non-ASCII character arrives.
    private static let runs = source.split(whereSeparator: \.isWhitespace).compactMap { Run($0) }
}

extension Unicode.Scalar {
    /// Whether the standard library knows the character, but the table does not.
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
