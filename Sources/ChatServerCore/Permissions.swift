internal import ChatProtocol

/// What somebody is to the room, from least to most.
enum Standing: Hashable, Comparable, CaseIterable, Sendable {
    /// Connected, not logged in.
    case stranger
    /// Logged in under a nickname that nobody owns.
    case guest
    /// Logged in with the password of an account.
    case member
    /// Logged in with the password of an admin's account.
    case admin
}

/// What a request asks to be allowed.
enum Permission: Hashable, CaseIterable, Sendable {
    /// To come in.
    case logIn
    /// To ask for a sign of life, or to give one.
    case ping
    /// To say something, in public or in private.
    case chat
    /// To change one's nickname or color.
    case changeAppearance
    /// To change an account's password.
    case changePassword
    /// To make an account of one's nickname.
    case register
    /// To read what was said.
    case readHistory
    /// To see who is in.
    case listUsers
    /// To throw somebody out, other admins included: they are peers, and one
    /// whose session was left open, or taken over, has to be stoppable.
    case kick
    /// To keep somebody out.
    case ban
    /// To let somebody come back.
    case unban
    /// To see who is banned, and why.
    case listBans
    /// To go.
    case leave
}

/// The one place that decides what a role may do.
enum Permissions {
    /// Whether the rules allow something; an operator's settings can still
    /// forbid it.
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
    /// What somebody needs to be allowed for this request to be looked at.
    ///
    /// An UPDATE with a password asks for more once it is known whose it is.
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
