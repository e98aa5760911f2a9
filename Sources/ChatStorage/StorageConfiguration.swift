/// What an operator can choose about how things are kept.
public struct StorageConfiguration: Sendable {
    /// When the disk is told to write down what was committed.
    ///
    /// Either way a commit survives the end of the process, however it comes:
    /// the kernel has the bytes. The difference shows only when the machine
    /// loses its power.
    public enum Flush: String, Hashable, Sendable, CaseIterable {
        /// Once a second: a power cut costs at most about that second. Ids
        /// don't come again even then.
        case second
        /// At every commit, before anybody sees the message: a power cut costs
        /// nothing that anyone saw. Every commit waits for the disk.
        case commit
    }

    /// When the disk is told to write.
    public var flush: Flush
    /// How much is kept, and for how long.
    public var retention: Retention
    /// What a guess at a stolen password hash costs.
    public var passwordCost: PasswordCost

    /// Creates a configuration.
    public init(
        flush: Flush = .second,
        retention: Retention = .standard,
        passwordCost: PasswordCost = .standard
    ) {
        self.flush = flush
        self.retention = retention
        self.passwordCost = passwordCost
    }
}

/// How much of the history is kept, and for how long.
///
/// What is beyond is deleted within minutes, oldest first, a little at a time.
public struct Retention: Hashable, Sendable {
    /// One bound; what breaks either half of it goes.
    public struct Bound: Hashable, Sendable {
        /// The most records.
        public var count: Int64
        /// The greatest age in seconds; nil for any.
        public var seconds: Int64?

        /// Creates a bound.
        public init(count: Int64, seconds: Int64? = nil) {
            self.count = count
            self.seconds = seconds
        }
    }

    /// For what was said to everyone and, counted apart, in private.
    public var messages: Bound
    /// For who came and went: apart, so that a crowd at the door pushes out
    /// nothing that was said.
    public var infos: Bound

    /// A million messages (about 250 MB with their index) of any age, a
    /// million private ones, and a hundred thousand joins, leaves and the like
    /// of the last 90 days.
    public static let standard = Retention(
        messages: Bound(count: 1_000_000),
        infos: Bound(count: 100_000, seconds: 90 * 86_400)
    )

    /// Creates bounds.
    public init(messages: Bound, infos: Bound) {
        self.messages = messages
        self.infos = infos
    }
}
