/// How expensive computing a password's hash is: scrypt's parameters.
public struct PasswordCost: Hashable, Sendable {
    /// The binary logarithm of N.
    public var logarithmOfRounds: Int
    /// The block size r, in units of 128 bytes.
    public var blockSize: Int
    /// The parallelism p; the p parts are still computed one after the other.
    public var parallelism: Int

    /// What OWASP recommends: N 2^17, r 8, p 1.
    ///
    /// One hash needs 128 MiB and a few tenths of a second.
    public static let standard = PasswordCost(logarithmOfRounds: 17, blockSize: 8, parallelism: 1)

    /// Creates a cost.
    public init(logarithmOfRounds: Int, blockSize: Int, parallelism: Int) {
        self.logarithmOfRounds = logarithmOfRounds
        self.blockSize = blockSize
        self.parallelism = parallelism
    }

    /// Whether this cost can be computed, with at most 1 GiB; a damaged database could contain anything.
    var isPossible: Bool {
        (1...24).contains(logarithmOfRounds) && (1...64).contains(blockSize) && (1...64).contains(parallelism)
            && (128 * blockSize) << logarithmOfRounds <= 1 << 30
    }

    /// The amount of work, for comparing two costs.
    var work: Int { (blockSize * parallelism) << min(logarithmOfRounds, 40) }
}
