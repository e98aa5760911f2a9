internal import ChatProtocol

/// The rank of a peer in the room, from least to most.
enum Standing: Hashable, Comparable, CaseIterable, Sendable {
    /// Connected, but not logged in.
    case stranger
    /// Logged in under a nickname that nobody owns.
    case guest
    /// Logged in with the password of an account.
    case member
    /// Logged in with the password of an admin's account.
    case admin
}

/// What a request needs permission for.
enum Permission: Hashable, CaseIterable, Sendable {
    /// To log in.
    case logIn
    /// To ask for a sign of life, or to answer such a question.
    case ping
    /// To say something, in public or in private.
    case chat
    /// To change one's nickname or color.
    case changeAppearance
    /// To change an account's password.
    case changePassword
    /// To register one's nickname.
    case register
    /// To read the history.
    case readHistory
    /// To see who is in the room.
    case listUsers
    /// To throw somebody out, even another admin.
    ///
    /// Admins are equals, and there has to be a way to stop a session that was left open or taken over.
    case kick
    /// To keep somebody out.
    case ban
    /// To let somebody come back.
    case unban
    /// To see who is banned, and why.
    case listBans
    /// To leave.
    case leave
}

/// The one place that decides what a role may do.
enum Permissions {
    /// Whether the rules allow something; an operator's settings may still forbid it.
    static func allows(_ permission: Permission, to standing: Standing) -> Bool {
        switch permission {
        case .ping: true
        case .logIn: standing == .stranger
        case .register: standing == .guest
        case .chat, .changeAppearance, .readHistory, .listUsers, .leave: standing >= .guest
        case .changePassword: standing >= .member
        case .kick, .ban, .unban, .listBans: standing >= .admin
        }
    }
}

extension Request {
    /// The permission needed for this request to be handled at all.
    ///
    /// An UPDATE with a password needs another one, depending on whether the user has an account.
    var permission: Permission {
        switch self {
        case .connect: .logIn
        case .chat: .chat
        case .update: .changeAppearance
        case .disconnect: .leave
        case .refresh: .readHistory
        case .users: .listUsers
        case .kick(let request): request.ban == nil ? .kick : .ban
        case .unban: .unban
        case .bans: .listBans
        case .ping, .pong: .ping
        }
    }
}
