internal import ChatProtocol

/// A connection before login.
struct Greeting: Sendable {
    /// From where it comes.
    let address: NetworkAddress
    /// What the last CON asked for; refusals go out without framing, but with
    /// the keys for it.
    var framing = Framing.none
    /// How often it was refused.
    var refusals = 0
    /// The login that is being checked.
    var login: PendingLogin?
}

/// What somebody asked to be let in as.
struct PendingLogin: Sendable {
    /// The account whose password has to match; nil for a guest.
    var account: AccountID?
    /// The nickname as it was typed.
    var nickname: Nickname
    /// The chosen color.
    var color: String
    /// Whether it is the server's own user.
    var isOperator: Bool
}

/// A change that waits for the accounts' store.
struct PendingChange: Sendable {
    /// The nickname to take when it is done; reserved until then.
    var nickname: Nickname?
    /// The color to take when it is done.
    var color: String?
    /// Whether it sets a password.
    var setsPassword = false
}

/// A change that waits for the accounts' store, of somebody who is gone.
struct OrphanedChange: Sendable {
    /// What they were called.
    var nickname: Nickname
    /// Whether they were a guest, and it makes an account.
    var isRegistration: Bool
}

/// Somebody who is logged in.
struct Member: Sendable {
    /// The nickname of the moment.
    var nickname: Nickname
    /// The color as the wire carries it.
    var color: String
    /// The account whose password was given; nil for a guest.
    var account: Account?
    /// How messages are told apart on the connection.
    let framing: Framing
    /// From where the user comes.
    let address: NetworkAddress
    /// Whether it is the server's own user, who needs no account to be an admin.
    let isOperator: Bool
    /// Whether the CONVER is out; until then nothing else may be sent.
    var isAdmitted = false
    /// How many requests came before that.
    var deferredRequests = 0
    /// How many REFs are under way.
    var refreshesInFlight = 0
    /// What waits for the accounts' store.
    var change: PendingChange?

    init(
        nickname: Nickname,
        color: String,
        account: Account?,
        framing: Framing,
        address: NetworkAddress,
        isOperator: Bool = false
    ) {
        self.address = address
        self.nickname = nickname
        self.color = color
        self.account = account
        self.framing = framing
        self.isOperator = isOperator
    }

    /// What decides whose private messages are whose.
    func identity(on connection: ConnectionID) -> Identity {
        account.map { .account($0.id) } ?? .guest(connection)
    }

    /// Under whom tags are remembered.
    var nonceOwner: Nonce.Owner {
        account.map { .account($0.id) } ?? .guest(nickname.key)
    }

    var isAdmin: Bool { isOperator || account?.role == .admin }

    var standing: Standing {
        if isAdmin { return .admin }
        return account == nil ? .guest : .member
    }
}
