internal import ChatProtocol

/// Keeps a password from being sent where others can read it, unless the user allows it.
extension Session {
    /// What waits for the user's permission.
    enum HeldPassword: Hashable, Sendable {
        /// The login with the current credentials.
        case login
        /// A change of the password.
        case change(UpdateRequest)
    }

    /// Whether a password may be sent on a connection.
    func mayCarryPassword(_ channel: SessionEvent.Channel) -> Bool {
        channel.isPrivate || allowsPlainPassword
    }

    /// Holds a request with a password until the user has answered.
    mutating func hold(_ held: HeldPassword) {
        heldPassword = held
        update(.plainPasswordQuestion)
    }

    /// Sends what was held if the user allows it; a yes applies to the rest of the session.
    mutating func allowPlainPassword(_ isAllowed: Bool) {
        guard let held = heldPassword else { return }
        heldPassword = nil
        if isAllowed { allowsPlainPassword = true }
        // If the connection is gone by now, what was held waits for the next one.
        switch held {
        case .login where isAllowed:
            if let credentials { login(as: credentials) }
        case .login:
            // Forget the credentials, so that no later attempt sends them by itself.
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
