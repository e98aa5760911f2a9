public import ChatProtocol

/// The result of registering a list of users.
public struct RegistrationOutcome: Hashable, Sendable {
    /// The accounts that were created.
    public private(set) var added: [Account] = []
    /// Those created accounts whose password is shorter than a new password may be.
    public private(set) var weak: [Account] = []
    /// The accounts that already existed; they were not changed.
    public private(set) var existing: [Account] = []
    /// Why the other users got no account.
    public private(set) var obstacles: [RegistrationObstacle] = []

    /// Creates an account for each user in the list who has none and may have one.
    ///
    /// If the list has the same nickname twice, the later entry counts, as in the original program. If two nicknames
    /// look alike, the earlier one is registered.
    ///
    /// - Parameters:
    ///   - users: The list.
    ///   - accounts: The accounts that exist already.
    ///   - create: Creates an account.
    public init<E: Error>(
        registering users: [RegisteredUser],
        beside accounts: [Account] = [],
        _ create: (RegisteredUser) throws(E) -> Account
    ) throws(E) {
        var last: [NicknameKey: Int] = [:]
        for (index, user) in users.enumerated() { last[user.nickname.key] = index }
        var registered = accounts
        for (index, user) in users.enumerated() where last[user.nickname.key] == index {
            if let account = registered.first(where: { $0.nickname.key == user.nickname.key }) {
                existing.append(account)
            } else if let obstacle = RegistrationObstacle(to: user.nickname, beside: registered.map(\.nickname)) {
                obstacles.append(obstacle)
            } else {
                let account = try create(user)
                registered.append(account)
                added.append(account)
                if user.password.count < Limits.passwordMinimumCharacters { weak.append(account) }
            }
        }
    }
}

/// Why somebody can't be registered under a nickname that is allowed and free.
public enum RegistrationObstacle: Hashable, Sendable {
    /// Readers could confuse the nickname with a registered one.
    case resembles(Nickname, registered: Nickname)
    /// Original clients would read another nickname.
    case isMisread(Nickname)

    /// Finds what prevents a registration; nil if nothing does.
    ///
    /// - Parameters:
    ///   - nickname: The nickname.
    ///   - registered: All registered nicknames.
    public init?(to nickname: Nickname, beside registered: [Nickname]) {
        let look = NicknameLook(nickname.text)
        if let other = registered.first(where: { $0.key != nickname.key && NicknameLook($0.text).resembles(look) }) {
            self = .resembles(nickname, registered: other)
        } else if !nickname.isReadableUnframed {
            self = .isMisread(nickname)
        } else {
            return nil
        }
    }
}

extension RegistrationObstacle: CustomStringConvertible {
    /// One line for the operator, without a full stop.
    public var description: String {
        switch self {
        case .resembles(let nickname, let registered):
            "\(nickname.text) looks like \(registered.text), who is registered"
        case .isMisread(let nickname):
            "\(nickname.text) ends with a slash or has two in a row, which older clients can't read"
        }
    }
}
