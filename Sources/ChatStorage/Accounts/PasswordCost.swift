/// What it costs to compute a password's hash: scrypt's parameters.
public struct PasswordCost: Hashable, Sendable {
    /// The binary logarithm of N.
    public var logarithmOfRounds: Int
    /// The block size r, in units of 128 bytes.
    public var blockSize: Int
    /// The parallelism p; computed one after the other all the same.
    public var parallelism: Int

    /// What OWASP advises: N 2^17, r 8, p 1; 128 MiB and some tenths of a second.
    public static let standard = PasswordCost(logarithmOfRounds: 17, blockSize: 8, parallelism: 1)

    /// Creates a cost.
    public init(logarithmOfRounds: Int, blockSize: Int, parallelism: Int) {
        self.logarithmOfRounds = logarithmOfRounds
        self.blockSize = blockSize
        self.parallelism = parallelism
    }

    /// Whether this is a cost that can be computed, and not one that a damaged
    /// database made up: at most 1 GiB.
    var isPossible: Bool {
        (1...24).contains(logarithmOfRounds) && (1...64).contains(blockSize) && (1...64).contains(parallelism)
            && (128 * blockSize) << logarithmOfRounds <= 1 << 30
    }

    /// How much work it is, to be compared with another.
    var work: Int { (blockSize * parallelism) << min(logarithmOfRounds, 40) }
}
