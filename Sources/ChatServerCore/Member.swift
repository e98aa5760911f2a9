internal import ChatProtocol

/// A connection before login.
struct Greeting: Sendable {
    /// The address it comes from.
    let address: NetworkAddress
    /// The framing that the last CON asked for.
    ///
    /// Refusals are sent without framing, but with the keys for it.
    var framing = Framing.none
    /// How many logins were refused.
    var refusals = 0
    /// The login that is being checked.
    var login: PendingLogin?
}

/// A login that waits for its password to be compared.
struct PendingLogin: Sendable {
    /// The account whose password has to match; nil for a guest.
    var account: AccountID?
    /// The nickname as it was typed.
    var nickname: Nickname
    /// The color that was chosen.
    var color: String
    /// Whether it is the server's own user.
    var isOperator: Bool
}

/// A change that waits for the account store.
struct PendingChange: Sendable {
    /// The nickname to use when the change is done; reserved until then.
    var nickname: Nickname?
    /// The color to use when the change is done.
    var color: String?
    /// Whether the change sets a password.
    var setsPassword = false
}

/// A change that waits for the account store, and whose user has left.
struct OrphanedChange: Sendable {
    /// The user's last nickname.
    var nickname: Nickname
    /// Whether it registers the nickname of a guest.
    var isRegistration: Bool
}

/// Somebody who is logged in.
struct Member: Sendable {
    /// The nickname at the moment.
    var nickname: Nickname
    /// The color in the form in which it is sent.
    var color: String
    /// The account whose password was given; nil for a guest.
    var account: Account?
    /// How messages are told apart on the connection.
    let framing: Framing
    /// The address the user comes from.
    let address: NetworkAddress
    /// Whether it is the server's own user, who is an admin without an account.
    let isOperator: Bool
    /// Whether the CONVER was sent; until then nothing else may be sent.
    var isAdmitted = false
    /// How many requests came before the CONVER was sent.
    var deferredRequests = 0
    /// How many REFs are under way.
    var refreshesInFlight = 0
    /// The change that waits for the account store.
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

    /// The identity that decides whose private messages are whose.
    func identity(on connection: ConnectionID) -> Identity {
        account.map { .account($0.id) } ?? .guest(connection)
    }

    /// Whom the tags of this member's messages belong to.
    var nonceOwner: Nonce.Owner {
        account.map { .account($0.id) } ?? .guest(nickname.key)
    }

    var isAdmin: Bool { isOperator || account?.role == .admin }

    var standing: Standing {
        if isAdmin { return .admin }
        return account == nil ? .guest : .member
    }
}
