internal import ChatProtocol

extension Room {
    /// Handles a CON.
    mutating func connect(_ request: ConnectRequest, from connection: ConnectionID) {
        // Compare one password at a time for each connection: hashing is expensive.
        guard greetings[connection]?.login == nil else {
            return refuse(Phrases.loginPending, request.nickname ?? "", to: connection)
        }
        greetings[connection]?.framing = request.framing
        guard let greeting = greetings[connection] else { return }
        guard !isClosing else { return refuse(Phrases.serverCloses, request.nickname ?? "", to: connection) }
        guard let text = request.nickname, let password = request.password, let color = request.color else {
            return refuse(Phrases.missingLoginParameters, request.nickname ?? "", to: connection)
        }
        let nickname: Nickname
        do throws(NicknameError) {
            nickname = try Nickname(text)
        } catch {
            return refuse(Phrases.fault(error), text, to: connection)
        }
        if let fault = fault(inTaking: nickname, for: nil) {
            probeHolder(of: nickname)
            return refuse(fault, text, to: connection)
        }
        let login = PendingLogin(
            account: directory.owner(of: nickname.key)?.id,
            nickname: nickname,
            color: (ChatColor(color) ?? .white).text,
            isOperator: isOperator(request, from: greeting.address)
        )
        if let account = login.account {
            verify(login, account, password: password, connection)
        } else if let fault = fault(inGuest: login, from: greeting.address) {
            refuse(fault, text, to: connection)
        } else {
            admit(login, nil, connection, ignoresPassword: !password.isEmpty)
        }
    }

    /// Asks for a password to be compared, unless there were too many.
    private mutating func verify(
        _ login: PendingLogin,
        _ account: AccountID,
        password: String,
        _ connection: ConnectionID
    ) {
        guard let address = greetings[connection]?.address else { return }
        guard !password.isEmpty, password.utf8.count <= Limits.passwordBytes else {
            let refusal: Refusal = password.isEmpty ? .passwordMissing : .passwordWrong
            return refuse(Phrases.registered(refusal), login.nickname.text, to: connection)
        }
        switch guesses.charge(account, from: address, at: now) {
        case .allowed(let attempt):
            comparisons[connection] = attempt
        case .wait(let milliseconds):
            let fault = Phrases.guessedTooOften(waitMilliseconds: milliseconds)
            return refuse(fault, login.nickname.text, to: connection)
        case .busy:
            return refuse(Phrases.busy, login.nickname.text, to: connection)
        }
        greetings[connection]?.login = login
        effects.append(.verify(connection, account, password: password))
    }

    /// Continues a login once its password is compared.
    ///
    /// Meanwhile the connection may be gone, the nickname may be taken, and the account may have been renamed or
    /// removed.
    mutating func finishLogin(_ connection: ConnectionID, _ id: AccountID, isCorrect: Bool) {
        settleComparison(connection, isCorrect ? .right : .wrong)
        guard let login = takeLogin(of: connection, to: id) else { return }
        let nickname = login.nickname
        guard isCorrect else {
            // The sentence is the same as for a missing password.
            let fault = Phrases.registered(.passwordWrong)
            return refuse(fault, nickname.text, detail: "wrong password", to: connection)
        }
        guard let account = directory[id], account.nickname.key == nickname.key else {
            return refuse(Phrases.tryAgain, nickname.text, to: connection)
        }
        if !login.isOperator, let fault = banFault(of: account) {
            return refuse(fault, nickname.text, to: connection)
        }
        if let fault = fault(inTaking: account.nickname, for: nil) {
            probeHolder(of: account.nickname)
            return refuse(fault, nickname.text, to: connection)
        }
        admit(login, account, connection)
    }

    /// Refuses a login whose password could not be compared.
    mutating func postponeLogin(_ connection: ConnectionID, _ id: AccountID) {
        settleComparison(connection, .notMade)
        guard let login = takeLogin(of: connection, to: id) else { return }
        refuse(Phrases.busy, login.nickname.text, to: connection)
    }

    /// Removes and returns the login that waits for the password of an account.
    private mutating func takeLogin(of connection: ConnectionID, to account: AccountID) -> PendingLogin? {
        guard let login = greetings[connection]?.login, login.account == account else { return nil }
        greetings[connection]?.login = nil
        return login
    }

    /// Records the outcome of a password, even if nobody waits for it any more.
    private mutating func settleComparison(_ connection: ConnectionID, _ outcome: GuessThrottle.Outcome) {
        guard let attempt = comparisons.removeValue(forKey: connection) else { return }
        guesses.settle(attempt, outcome, at: now)
    }

    /// Logs a user in and tells everybody.
    ///
    /// - Parameter ignoresPassword: Whether a password was given, but there was nothing to compare it with.
    private mutating func admit(
        _ login: PendingLogin,
        _ account: Account?,
        _ connection: ConnectionID,
        ignoresPassword: Bool = false
    ) {
        guard let greeting = greetings.removeValue(forKey: connection) else { return }
        let member = Member(
            // Use the account's spelling, not the typed one, so that a user is written alike in both halves of a USER
            // list.
            nickname: account?.nickname ?? login.nickname,
            color: login.color,
            account: account,
            framing: greeting.framing,
            address: greeting.address,
            isOperator: login.isOperator
        )
        members[connection] = member
        holders.give(member.nickname, to: connection)
        if member.isOperator { operators.insert(connection) }
        let nickname = member.nickname.text
        let detail = member.isOperator ? "the server's own user" : ""
        effects.append(.audit(AuditEntry(.login, connection: connection, nickname: nickname, detail: detail)))
        let verdict = LoginVerdict.accepted(member.framing, ignoresPassword: ignoresPassword)
        enqueue(.admit(connection, Response(at: now, .login(verdict)), member.framing))
        announce(
            .join(color: member.color, isAdmin: member.isAdmin),
            of: nickname,
            Phrases.joined(nickname),
            .join(connection, UserList.Entry(nickname: nickname, color: member.color))
        )
    }

    /// Answers a CON, or something that should have been one, with an error.
    ///
    /// - Parameters:
    ///   - nickname: What the CON asked for, for the operator's log; nil if it is no login.
    ///   - detail: The text for the log, if it differs from the sentence.
    mutating func refuse(
        _ fault: Fault,
        _ nickname: String? = nil,
        detail: String? = nil,
        to connection: ConnectionID
    ) {
        if let nickname {
            let entry = AuditEntry(
                .refusal,
                connection: connection,
                nickname: Phrases.clipped(nickname),
                detail: detail ?? fault.text,
                refusal: fault.refusal
            )
            effects.append(.audit(entry))
        }
        greetings[connection]?.refusals += 1
        guard let greeting = greetings[connection] else { return }
        let isLast = greeting.refusals >= RoomLimits.refusals
        let answer = Response.Body.refused(isLast ? Phrases.tooManyRefusals : fault, framing: greeting.framing)
        effects.append(.send(Response(at: now, answer), to: connection))
        guard isLast else { return }
        greetings[connection] = nil
        departing.insert(connection)
        effects.append(.close(connection))
    }

    /// Asks the holder of a wanted nickname for a sign of life.
    ///
    /// It may be the same user, whose old connection is dead without knowing it.
    private mutating func probeHolder(of nickname: Nickname) {
        guard let holder = member(called: nickname.text), holder.member.framing == .netstring,
            holder.member.isAdmitted
        else { return }
        effects.append(.probe(holder.connection))
    }

    // MARK: Who may be called what

    /// Why somebody can't take a nickname; nil if they can.
    ///
    /// This does not check a password: `account` is the account that the taker has already proved to own.
    func fault(inTaking nickname: Nickname, for taker: (connection: ConnectionID, account: AccountID?)?) -> Fault? {
        if let holder = holders[nickname.key], holder != taker?.connection { return Phrases.loggedIn }
        guard let taker, let owner = directory.owner(of: nickname.key), owner.id != taker.account else { return nil }
        return Phrases.registered(.nicknameRegistered)
    }

    /// Why a guest can't log in; nil if nothing prevents it.
    private func fault(inGuest login: PendingLogin, from address: NetworkAddress) -> Fault? {
        if !login.isOperator, let fault = banFault(ofGuest: login.nickname, from: address) { return fault }
        if let registered = directory.lookalike(of: login.nickname) {
            return Phrases.resembles(registered.nickname.text)
        }
        if let present = holders.lookalike(of: login.nickname) { return Phrases.resemblesPresent(present.text) }
        return login.nickname.isReadableUnframed ? nil : Phrases.unreadableNickname
    }

    /// Whether a login is the server's own user's.
    ///
    /// It has to contain the secret made for this run, and to come from this machine.
    private func isOperator(_ request: ConnectRequest, from address: NetworkAddress) -> Bool {
        guard let secret = configuration.operatorSecret, let given = request.operatorSecret else { return false }
        return address.isLoopback && secret == given
    }
}
