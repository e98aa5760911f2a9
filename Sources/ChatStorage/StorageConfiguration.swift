/// The storage settings that an operator can choose.
public struct StorageConfiguration: Sendable {
    /// When committed data is written to the disk.
    ///
    /// Either way a commit survives the end of the process, even a crash, because the kernel has the bytes. The
    /// difference shows only when the machine loses power.
    public enum Flush: String, Hashable, Sendable, CaseIterable {
        /// Once a second: a power cut loses at most about the last second.
        ///
        /// Even then no id is used twice.
        case second
        /// At every commit, before anybody sees the message: a power cut loses nothing that anyone has seen, but every
        /// commit waits for the disk.
        case commit
    }

    /// When committed data is written to the disk.
    public var flush: Flush
    /// How much of the history is kept, and for how long.
    public var retention: Retention
    /// How expensive a password hash is, and thus each guess at a stolen one.
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
/// Anything beyond is deleted within minutes, oldest first, a little at a time.
public struct Retention: Hashable, Sendable {
    /// One limit; a record that exceeds either part of it is deleted.
    public struct Bound: Hashable, Sendable {
        /// The most records.
        public var count: Int64
        /// The greatest age in seconds; nil for no limit.
        public var seconds: Int64?

        /// Creates a bound.
        public init(count: Int64, seconds: Int64? = nil) {
            self.count = count
            self.seconds = seconds
        }
    }

    /// The limit for messages to everyone and, counted separately, for private messages.
    public var messages: Bound
    /// The limit for joins, leaves and the like; separate, so that many joins never push out messages.
    public var infos: Bound

    /// A million messages (about 250 MB with their index) of any age, a million private messages, and a hundred
    /// thousand joins, leaves and the like of the last 90 days.
    public static let standard = Retention(
        messages: Bound(count: 1_000_000),
        infos: Bound(count: 100_000, seconds: 90 * 86_400)
    )

    /// Creates a retention from its limits.
    public init(messages: Bound, infos: Bound) {
        self.messages = messages
        self.infos = infos
    }
}
