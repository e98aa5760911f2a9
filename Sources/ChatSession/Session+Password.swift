internal import ChatProtocol

/// A password does not go where others can read it, unless its user says so.
extension Session {
    /// What waits for the user's word.
    enum HeldPassword: Hashable, Sendable {
        /// The login with the credentials that are known.
        case login
        /// A change of the password.
        case change(UpdateRequest)
    }

    /// Whether a password may go over a connection.
    func mayCarryPassword(_ channel: SessionEvent.Channel) -> Bool {
        channel.isPrivate || allowsPlainPassword
    }

    /// Has a request with a password wait until the user has answered.
    mutating func hold(_ held: HeldPassword) {
        heldPassword = held
        update(.plainPasswordQuestion)
    }

    /// Sends what was held, or not; a yes holds for the rest of the session.
    mutating func allowPlainPassword(_ isAllowed: Bool) {
        guard let held = heldPassword else { return }
        heldPassword = nil
        if isAllowed { allowsPlainPassword = true }
        // Meanwhile the connection may be gone: then what was held waits for the next one.
        switch held {
        case .login where isAllowed:
            if let credentials { login(as: credentials) }
        case .login:
            // Nothing is left that an attempt by itself could send.
            credentials = nil
            ghostAttempts = 0
            update(.loginNeeded(reason: SafeText(line: "Nothing was sent. You can join without it, or leave.")))
        case .change(let request) where isAllowed:
            change(request)
        case .change:
            notice("Your password stays as it is.")
        }
    }
}
