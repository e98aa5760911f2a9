internal import ChatProtocol

extension Session {
    /// How often to retry when the server says that we are still logged in.
    ///
    /// With the growing waits this takes about two minutes. In that time the server notices that our old connection is
    /// dead, if it ever does.
    private static var ghostAttemptLimit: Int { 8 }

    mutating func login(as credentials: Credentials) {
        if let fault = Self.fault(of: credentials) {
            update(.loginNeeded(reason: SafeText(line: fault)))
            return
        }
        loginReason = nil
        switch phase {
        case .online:
            notice("You are in the chat already: /nick and /color change who you are.", isFailure: true)
        case .connected:
            self.credentials = credentials
            emit(.cancelTimer(.reconnect))
            sendLogin()
        case .idle, .offline, .ended:
            self.credentials = credentials
            open()
        case .waiting:
            self.credentials = credentials
            reconnectNow()
        case .connecting:
            self.credentials = credentials
        case .loggingIn, .finished:
            break
        }
    }

    mutating func sendLogin() {
        guard let credentials, case .connected(let channel) = phase else { return }
        if let fault = Self.fault(of: credentials) {
            update(.loginNeeded(reason: SafeText(line: fault)))
            return
        }
        guard credentials.password.isEmpty || mayCarryPassword(channel) else {
            update(.status(.loggingIn(channel)))
            return hold(.login)
        }
        if heldPassword == .login { heldPassword = nil }
        phase = .loggingIn(channel)
        update(.status(.loggingIn(channel)))
        emit(.setTimer(.login, milliseconds: Timing.login))
        emit(.send(.connect(Self.request(credentials, operatorSecret))))
    }

    mutating func loginTimedOut() {
        guard case .loggingIn = phase else { return }
        if isNoChat { return giveUp(Self.noChat) }
        if isLoginOverdue { return giveUp("The server took the connection but does not answer the login.") }
        isLoginOverdue = true
        notice(Self.slowness("has not answered the login", for: Timing.login), isFailure: true)
        emit(.setTimer(.login, milliseconds: Exchange.patienceMilliseconds - Timing.login))
    }

    mutating func received(_ verdict: LoginVerdict) {
        guard case .loggingIn(let channel) = phase else { return }
        emit(.cancelTimer(.login))
        isLoginOverdue = false
        switch verdict {
        case .accepted(let framing, let ignoresPassword):
            // Who is not registered is a guest, whatever they typed: a password that they set later is their first.
            if ignoresPassword { credentials?.password = "" }
            accepted(channel, framing)
            if ignoresPassword { noticeIgnoredPassword() }
        case .refused where isLeaving: finish()
        case .refused(let text, let refusal, let until): refused(text, refusal, until: until, channel)
        }
    }

    private mutating func accepted(_ channel: SessionEvent.Channel, _ framing: Framing) {
        guard credentials != nil else { return }
        phase = .online(Online(channel: channel, framing: framing, since: now))
        ghostAttempts = 0
        backoff.ease()
        book.foldsCase = framing == .netstring
        timeline.adopt(numbered: framing == .netstring)
        if isLeaving { return sayGoodbye() }
        if let lastWarning { notice(lastWarning, isFailure: true) }
        lastWarning = nil
        updateOnlineStatus()
        updateIdentity()
        if framing == .netstring {
            beginHistory()
            sendPing()
            sendOutbox()
        } else {
            beginExchange()
        }
    }

    /// Tells the user that the password was ignored; somebody who gives one expects it to protect the nickname.
    private mutating func noticeIgnoredPassword() {
        let nickname = SafeText(line: ownNickname)
        notice("\(nickname) is not registered here, so your password was ignored: /password registers it.")
    }

    private mutating func refused(
        _ text: String,
        _ refusal: Refusal?,
        until: Int64?,
        _ channel: SessionEvent.Channel
    ) {
        phase = .connected(channel)
        let words = withLocalEnd(Self.withoutErrorMark(text), until)
        let refusal = refusal ?? Refusal(sentence: text)
        // After a loss: the server let this user in before, so it will again once the obstacle has passed.
        if lastNickname == ownNickname, ghostAttempts < Self.ghostAttemptLimit,
            let obstacle = Self.passingObstacle(words, refusal)
        {
            ghostAttempts += 1
            waitToReconnect(obstacle)
            return
        }
        ghostAttempts = 0
        if !channel.isEncrypted, refusal == .encryptionRequired {
            // No other login helps, and this connection can't be switched to TLS.
            return end("\(words) Leave out --tls off.")
        }
        // Don't show a login form here: it would take the next thing that the user types as a nickname.
        if refusal == .banned, lastNickname == ownNickname {
            return end("\(Self.sentence(words)) \(Self.wayBack(from: until))")
        }
        update(.status(.loggingIn(channel)))
        // Some servers report a wrong password with the words for a missing one; only the client knows whether a
        // password was sent.
        let isWrong = refusal?.isAboutPassword == true && credentials?.password.isEmpty == false
        let cause = isWrong ? .passwordWrong : refusal
        update(.loginNeeded(reason: SafeText(line: reason(words, cause)), refusal: cause))
    }

    /// Explains to the user why a login was refused, and what helps.
    private func reason(_ words: String, _ refusal: Refusal?) -> String {
        if refusal == .nicknameInUse {
            return "\(ownNickname) is here already: choose another nickname. If that is you, on a connection that was "
                + "lost, press Enter again in a minute."
        }
        return refusal == .passwordWrong ? "The password is wrong." : Self.sentence(words)
    }

    /// The server's words with a full stop.
    private static func sentence(_ words: String) -> String {
        words.last?.isLetter == true || words.last?.isNumber == true ? words + "." : words
    }

    /// What prevents a login for only a while; nil if the obstacle is permanent.
    private static func passingObstacle(_ words: String, _ refusal: Refusal?) -> String? {
        // Nobody else has taken the nickname; the server may not have noticed yet that our old connection is dead.
        if refusal == .nicknameInUse { return "The server still holds your old connection." }
        // The server is busy, or somebody at our address is guessing passwords.
        return refusal?.isPassing == true ? words : nil
    }

    /// The server's text without the prefix that marks it as an error.
    static func withoutErrorMark(_ text: String) -> String {
        var text = text[...]
        for mark in ["Error:", " "] where text.hasPrefix(mark) { text = text.dropFirst(mark.count) }
        return String(text)
    }

    private static func request(
        _ credentials: Credentials,
        _ operatorSecret: OperatorSecret? = nil
    ) -> ConnectRequest {
        ConnectRequest(
            nickname: credentials.nickname,
            password: credentials.password,
            color: credentials.color.text,
            framing: .netstring,
            operatorSecret: operatorSecret
        )
    }

    /// Why credentials must not be sent to any server: an original server crashes on an empty nickname and reads at
    /// most 1,024 bytes of a login.
    private static func fault(of credentials: Credentials) -> String? {
        if credentials.nickname.isEmpty { return "A nickname is needed." }
        var bytes: [UInt8] = []
        Request.connect(request(credentials)).encode(into: &bytes, framing: .none)
        if bytes.count > Limits.unframedConnectBytes { return "The nickname or the password is too long." }
        return nil
    }
}
