internal import ChatProtocol

extension Room {
    /// Takes a CON.
    mutating func connect(
        _ request: ConnectRequest,
        from connection: ConnectionID,
        _ greeting: Greeting,
        at now: Timestamp,
        _ effects: inout [RoomEffect]
    ) {
        guard !isClosing else {
            refuse(Phrases.serverCloses, to: connection, at: now, &effects)
            return
        }
        // One password at a time for each connection: hashing is dear.
        guard greeting.login == nil else {
            refuse(Phrases.loginPending, to: connection, at: now, &effects)
            return
        }
        guard let text = request.nickname, let password = request.password, let color = request.color else {
            refuse(Phrases.missingLoginParameters, to: connection, at: now, &effects)
            return
        }
        let nickname: Nickname
        do throws(NicknameError) {
            nickname = try Nickname(text)
        } catch {
            refuse(Phrases.error(Phrases.fault(error)), to: connection, at: now, &effects)
            return
        }
        let acceptedColor = (ChatColor(color) ?? .white).text
        if let fault = fault(inTaking: nickname, for: nil) {
            probeHolder(of: nickname, &effects)
            refuse(Phrases.error(fault), nickname, .nicknameInUse, to: connection, at: now, &effects)
        } else if let account = directory.owner(of: nickname.key) {
            guard !password.isEmpty, password.utf8.count <= Limits.passwordBytes else {
                refuse(Phrases.error(Phrases.registered), nickname, .passwordMissing, to: connection, at: now, &effects)
                return
            }
            switch guesses.charge(account.id, from: greeting.address, at: now) {
            case .allowed(let attempt):
                comparisons[connection] = attempt
            case .wait(let milliseconds):
                let refusal = Phrases.guessedTooOften(waitMilliseconds: milliseconds)
                refuse(refusal, nickname, .throttled, to: connection, at: now, &effects)
                return
            case .busy:
                refuse(Phrases.error(Phrases.busy), nickname, .busy, to: connection, at: now, &effects)
                return
            }
            greetings[connection]?.login = PendingLogin(
                account: account.id,
                nickname: nickname,
                color: acceptedColor,
                framing: request.framing
            )
            effects.append(.verify(connection, account.id, password: password))
        } else if let fault = banFault(ofGuest: nickname, from: greeting.address, at: now) {
            refuse(fault, nickname, .banned, to: connection, at: now, &effects)
        } else if let registered = directory.lookalike(of: nickname) {
            let fault = Phrases.resembles(registered.nickname.text)
            refuse(Phrases.error(fault), nickname, to: connection, at: now, &effects)
        } else {
            let member = Member(
                nickname: nickname,
                color: acceptedColor,
                account: nil,
                framing: request.framing,
                address: greeting.address
            )
            admit(member, connection, at: now, &effects)
        }
    }

    /// Takes the outcome of comparing a password.
    ///
    /// Meanwhile the connection may have gone, the nickname may have been taken,
    /// and the account may have been renamed or removed.
    mutating func finishLogin(
        _ connection: ConnectionID,
        _ id: AccountID,
        isCorrect: Bool,
        at now: Timestamp,
        _ effects: inout [RoomEffect]
    ) {
        settleComparison(connection, isCorrect ? .right : .wrong, at: now)
        guard let greeting = greetings[connection], let login = greeting.login, login.account == id else { return }
        greetings[connection]?.login = nil
        guard isCorrect else {
            let error = Phrases.error(Phrases.registered)
            refuse(error, login.nickname, .passwordWrong, detail: "wrong password", to: connection, at: now, &effects)
            return
        }
        guard let account = directory[id], account.nickname.key == login.nickname.key else {
            refuse(Phrases.tryAgain, login.nickname, to: connection, at: now, &effects)
            return
        }
        if let fault = banFault(of: account, at: now) {
            refuse(fault, login.nickname, .banned, to: connection, at: now, &effects)
            return
        }
        if let fault = fault(inTaking: account.nickname, for: nil) {
            probeHolder(of: account.nickname, &effects)
            refuse(Phrases.error(fault), login.nickname, .nicknameInUse, to: connection, at: now, &effects)
            return
        }
        // The account's spelling, not the typed one, so that a user is written
        // alike in both halves of a USER list.
        let member = Member(
            nickname: account.nickname,
            color: login.color,
            account: account,
            framing: login.framing,
            address: greeting.address
        )
        admit(member, connection, at: now, &effects)
    }

    /// Takes that a password could not be compared.
    mutating func postponeLogin(
        _ connection: ConnectionID,
        _ id: AccountID,
        at now: Timestamp,
        _ effects: inout [RoomEffect]
    ) {
        settleComparison(connection, .notMade, at: now)
        guard let login = greetings[connection]?.login, login.account == id else { return }
        greetings[connection]?.login = nil
        refuse(Phrases.error(Phrases.busy), login.nickname, .busy, to: connection, at: now, &effects)
    }

    /// Takes what came of a password, whether or not anybody still waits for it.
    private mutating func settleComparison(
        _ connection: ConnectionID,
        _ outcome: GuessThrottle.Outcome,
        at now: Timestamp
    ) {
        guard let attempt = comparisons.removeValue(forKey: connection) else { return }
        guesses.settle(attempt, outcome, at: now)
    }

    /// Lets somebody in.
    private mutating func admit(
        _ member: Member,
        _ connection: ConnectionID,
        at now: Timestamp,
        _ effects: inout [RoomEffect]
    ) {
        greetings[connection] = nil
        members[connection] = member
        holders[member.nickname.key] = connection
        let nickname = member.nickname.text
        effects.append(.audit(AuditEntry(.login, connection: connection, nickname: nickname)))
        let verdict = Response(at: now, .login(.accepted(member.framing)))
        enqueue(.admit(connection, verdict, member.framing), at: now, &effects)
        announce(
            .join(color: member.color, isAdmin: member.isAdmin),
            of: nickname,
            Phrases.joined(nickname),
            .join(connection, UserList.Entry(nickname: nickname, color: member.color)),
            at: now,
            &effects
        )
    }

    /// Answers a CON with an error, and tells the operator why.
    ///
    /// - Parameters:
    ///   - error: The answer.
    ///   - nickname: Who wanted to log in; nil where the nickname is not a valid one.
    ///   - refusal: What it counts as.
    ///   - detail: What the operator reads, where that is more than the answer tells.
    mutating func refuse(
        _ error: String,
        _ nickname: Nickname? = nil,
        _ refusal: Refusal? = nil,
        detail: String? = nil,
        to connection: ConnectionID,
        at now: Timestamp,
        _ effects: inout [RoomEffect]
    ) {
        let entry = AuditEntry(
            .refusal,
            connection: connection,
            nickname: nickname?.text ?? "",
            // The answer to a wrong password is the one to none.
            detail: detail ?? error,
            refusal: refusal
        )
        effects.append(.audit(entry))
        turnDown(error, connection, at: now, &effects)
    }

    /// Answers a request that came before the login with an error, and closes
    /// the connection after too many of them.
    mutating func turnDown(
        _ error: String,
        _ connection: ConnectionID,
        at now: Timestamp,
        _ effects: inout [RoomEffect]
    ) {
        greetings[connection]?.refusals += 1
        guard let refusals = greetings[connection]?.refusals, refusals >= RoomLimits.refusals else {
            effects.append(.send(Response(at: now, .login(.refused(error))), to: connection))
            return
        }
        effects.append(.send(Response(at: now, .login(.refused(Phrases.tooManyRefusals))), to: connection))
        greetings[connection] = nil
        departing.insert(connection)
        effects.append(.close(connection))
    }

    /// Asks who has a nickname that somebody else wants for a sign of life: it
    /// may be the same user, whose old connection is dead and does not know.
    private func probeHolder(of nickname: Nickname, _ effects: inout [RoomEffect]) {
        guard let holder = member(called: nickname.text), holder.member.framing == .netstring,
            holder.member.isAdmitted
        else { return }
        effects.append(.probe(holder.connection))
    }

    /// Why a nickname can't be somebody's, as part of a sentence; nil where it can.
    ///
    /// Whether the password fits an account is another question: `account` is
    /// the one that somebody has proved to own.
    func fault(inTaking nickname: Nickname, for taker: (connection: ConnectionID, account: AccountID?)?) -> String? {
        if let holder = holders[nickname.key], holder != taker?.connection { return Phrases.loggedIn }
        guard let taker, let owner = directory.owner(of: nickname.key), owner.id != taker.account else { return nil }
        return Phrases.registered
    }
}
