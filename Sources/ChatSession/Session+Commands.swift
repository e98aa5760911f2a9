internal import ChatProtocol
internal import DequeModule

/// The user's commands other than sending messages.
extension Session {
    /// The most requests of one kind that may wait for their answers.
    static var unansweredLimit: Int { 16 }

    mutating func notConnected() {
        notice("You are not connected: this works when the server is back.", isFailure: true)
    }

    // MARK: Changing our nickname, color and password

    mutating func change(_ request: UpdateRequest) {
        guard request != UpdateRequest() else {
            return notice("There is nothing to change.", isFailure: true)
        }
        if let fault = fault(of: request) { return notice(fault, isFailure: true) }
        guard let online else { return changeForLater(request) }
        guard request.password == nil || mayCarryPassword(online.channel) else { return hold(.change(request)) }
        guard updates.count < Self.unansweredLimit else {
            return notice("The server has not answered the changes before this one: try again.", isFailure: true)
        }
        updates.append(request)
        if isFramed {
            emit(.send(.update(request)))
        } else {
            self.request(.update(request), for: .update)
        }
    }

    /// Why a change must not be sent: an empty nickname crashes a thread of an original server, as does any value that
    /// ends in a slash.
    private func fault(of request: UpdateRequest) -> String? {
        if let nickname = request.nickname, nickname.isEmpty { return "A nickname can't be empty." }
        if let color = request.color, ChatColor(color) == nil { return "A color is written #RGB or #RRGGBB." }
        if let password = request.password, password.utf8.count > Limits.passwordBytes {
            return "A password has at most \(Limits.passwordBytes) bytes."
        }
        if online != nil, !isFramed {
            for value in [request.nickname, request.password] where value?.last == "/" {
                return "This server can't take a nickname or password that ends in a slash."
            }
        }
        return nil
    }

    /// While not connected: uses a new nickname and color at the next login.
    ///
    /// A new password would be refused then, because the server never got it.
    private mutating func changeForLater(_ request: UpdateRequest) {
        if request.password != nil {
            notice("You are not connected: your password stays as it is.", isFailure: true)
        }
        guard request.nickname != nil || request.color != nil else { return }
        guard var mine = credentials else { return notConnected() }
        var changes: [String] = []
        if let nickname = request.nickname {
            mine.nickname = nickname
            changes.append("You will be \(SafeText(line: nickname)) when the server is back.")
        }
        if let color = request.color.flatMap({ ChatColor($0) }) {
            mine.color = color
            changes.append("Your color will be \(color.text) when the server is back.")
        }
        credentials = mine
        notice(changes.joined(separator: " "))
        if case .connected = phase { reconnectNow() }
    }

    mutating func receivedUpdate(_ confirmation: Confirmation) {
        guard let request = updates.popFirst() else { return }
        if confirmation.isFailure {
            notice(Self.reason(of: confirmation, to: request), isFailure: true)
            return
        }
        guard var mine = credentials else { return }
        let wasRegistered = isRegistered
        var changes: [String] = []
        // The server announces these changes to everybody, us included, so don't report them twice.
        if let nickname = request.nickname {
            if nickname == mine.nickname { changes.append("You are now called \(SafeText(line: nickname)).") }
            mine.nickname = nickname
        }
        if let color = request.color.flatMap({ ChatColor($0) }) {
            if color == mine.color { changes.append("Your color is now \(color.text).") }
            mine.color = color
        }
        if let password = request.password {
            if isFramed {
                // A guest's new password registers the nickname.
                mine.password = password
                changes.append(wasRegistered ? "Your password is changed." : "Your nickname is registered now.")
            } else {
                // An original server answers OK but keeps the old password.
                changes.append("The server took note of the password, but a server of its kind does not keep it.")
            }
        }
        let isVisible = mine.nickname != credentials?.nickname || mine.color != credentials?.color
        credentials = mine
        if isVisible || isRegistered != wasRegistered { updateIdentity() }
        if book.learn(mine.color, of: mine.nickname) { rosterChanged() }
        if !changes.isEmpty { notice(changes.joined(separator: " ")) }
    }

    /// Explains to the user why a change was refused.
    private static func reason(of confirmation: Confirmation, to request: UpdateRequest) -> String {
        let words = withoutErrorMark(confirmation.text)
        // If several things were changed, the server's words name everything that was refused.
        guard let nickname = request.nickname, request == UpdateRequest(nickname: nickname) else { return words }
        return switch confirmation.refusal ?? Refusal(sentence: confirmation.text) {
        case .nicknameInUse?: "\(SafeText(line: nickname)) is taken."
        case .nicknameRegistered?: "\(SafeText(line: nickname)) is somebody's registered nickname."
        default: words
        }
    }

    // MARK: Kicking other users

    mutating func kick(_ user: String, reason: String) {
        guard online != nil else { return notConnected() }
        guard !user.isEmpty else { return notice("Say whom: /kick NICK reason", isFailure: true) }
        if isFramed {
            guard unanswered.count(where: \.isKick) < Self.unansweredLimit else {
                return notice("The server has not answered the kicks before this one: try again.", isFailure: true)
            }
            unanswered.append(.kick(user))
            emit(.send(.kick(KickRequest(user: user, reason: reason))))
            return
        }
        // An original server's thread crashes if it is told to kick somebody who isn't there.
        guard let member = book.member(user) else {
            return notice("\(SafeText(line: user)) is not here: /users shows who is.", isFailure: true)
        }
        // An original server does not undo these escapes, and would look for a different name.
        if member.nickname.hasSuffix("/") || member.nickname.contains("//") {
            return notice("This server can't kick somebody with such slashes in the nickname.", isFailure: true)
        }
        request(.kick(KickRequest(user: member.nickname, reason: reason)), for: .kick(member.nickname))
    }

    /// Reports that our kick failed.
    mutating func kickFailed(_ user: String, _ words: String, _ refusal: Refusal?) {
        let name = SafeText(line: user)
        notice(
            refusal == .userAbsent ? "\(name) is not here: /users shows who is." : "\(name) was not kicked: \(words)",
            isFailure: true
        )
    }

    /// Reports that our kick succeeded.
    mutating func kicked(_ user: String) {
        let index = unanswered.firstIndex { request in
            if case .kick(let name) = request { book.isSame(name, user) } else { false }
        }
        if let index { unanswered.remove(at: index) }
    }

    // MARK: Confirmations

    mutating func received(_ confirmation: Confirmation, _ response: Response) {
        switch confirmation.subject {
        case .update:
            if isFramed || !exchange.isSuspect { receivedUpdate(confirmation) }
            if !isFramed { confirmationEndsExchange(.update, isFailure: confirmation.isFailure) }
        case .refresh:
            if isFramed {
                receivedRefresh(confirmation)
            } else {
                beginReplay(confirmation, at: response.time)
            }
        case .disconnect:
            if isLeaving { finish() }
        case .kick, .unban, .bans:
            receivedBans(confirmation)
        }
    }
}

extension Session.Unanswered {
    fileprivate var isKick: Bool {
        if case .kick = self { true } else { false }
    }
}
