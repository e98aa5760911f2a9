internal import ChatProtocol

/// When the interface was last given the roster, and whether the next time is scheduled.
struct RosterDelivery: Sendable {
    /// Up to this many members, every change is passed on at once.
    static let smallRoom = 200
    /// In larger rooms, the least time between two updates of the list, in milliseconds.
    static let pauseMilliseconds = 100

    var lastAt: Int64?
    var isScheduled = false
}

extension Session {
    // MARK: Events about users (framed)

    mutating func received(_ info: Info, _ response: Response) {
        if case .join? = info.event, isOwn(info.sender) { noteOwnArrival(info.id) }
        let isLive = noteArrival(info.id)
        if let id = info.id {
            guard !isDuplicate(id) else { return }
            note(id)
        }
        add(entry(info, response, at: info.id.map { timeline.place(of: $0) } ?? timeline.placeAtEnd()))
        if isLive, let event = info.event { follow(event, of: info.sender) }
    }

    private mutating func follow(_ event: Info.Event, of sender: String) {
        switch event {
        case .join(let color, let isAdmin):
            if isOwn(sender) { adopt(nickname: sender, color: color) }
            insert(sender, color: color, isAdmin: isAdmin)
        case .leave:
            guard book.remove(sender) else { return }
        case .kick(let user):
            if isOwn(sender) { kicked(user) }
            guard book.remove(user) else { return }
        case .update(let previous, let color, let isAdmin):
            book.remove(previous)
            if isOwn(previous) || isOwn(sender) { adopt(nickname: sender, color: color) }
            insert(sender, color: color, isAdmin: isAdmin)
        }
        rosterChanged()
    }

    private mutating func insert(_ nickname: String, color: String, isAdmin: Bool) {
        book.insert(
            Roster.Member(
                nickname: nickname,
                color: ChatColor(color),
                isAdmin: isAdmin,
                isOwn: isOwn(nickname)
            )
        )
    }

    /// Accepts our identity from the server: the nickname as it spells it and the color that it stored.
    private mutating func adopt(nickname: String, color: String) {
        guard var mine = credentials else { return }
        mine.nickname = nickname
        if let color = ChatColor(color) { mine.color = color }
        guard mine != credentials else { return }
        credentials = mine
        updateIdentity()
    }

    // MARK: The whole list

    mutating func received(_ list: UserList, _ response: Response) {
        if isFramed {
            // Normally our own join comes first. If it doesn't, live messages begin here.
            if history.joined == nil {
                history.joined = MessageID((history.newest?.number ?? -1).addingReportingOverflow(1).partialValue)
            }
        } else if isStale(list, response.time) {
            return staleListEndsExchange(at: response.time)
        }
        if !isFramed { adoptNickname(from: list) }
        book.replace(with: list, own: credentials?.nickname)
        if let credentials { _ = book.learn(credentials.color, of: credentials.nickname) }
        rosterChanged()
        if !isFramed { listEndsExchange() }
    }

    /// Accepts a change of our nickname that a list shows, where the confirmation may have been part of somebody's
    /// text.
    private mutating func adoptNickname(from list: UserList) {
        guard case .update? = exchange.current, exchange.hasSuspectAnswer, !exchange.isSuspect,
            let wanted = updates.first?.nickname, list.users.contains(where: { $0.nickname == wanted }),
            !list.users.contains(where: { $0.nickname == ownNickname })
        else { return }
        let confirmation = Confirmation(subject: .update, text: "OK")
        receivedUpdate(confirmation)
        confirmationEndsExchange(.update, isFailure: false)
    }

    mutating func listUsers() {
        guard online != nil else { return notConnected() }
        if isFramed {
            emit(.send(.users))
        } else {
            request(.users, for: .users)
        }
    }

    // MARK: Updating the interface

    mutating func rosterChanged() {
        if book.roster.members.count > RosterDelivery.smallRoom, let last = rosterDelivery.lastAt,
            abs(now.unixMilliseconds &- last) < Int64(RosterDelivery.pauseMilliseconds)
        {
            guard !rosterDelivery.isScheduled else { return }
            rosterDelivery.isScheduled = true
            emit(.setTimer(.roster, milliseconds: RosterDelivery.pauseMilliseconds))
        } else {
            deliverRoster()
        }
    }

    mutating func deliverRoster() {
        if rosterDelivery.isScheduled { emit(.cancelTimer(.roster)) }
        rosterDelivery = RosterDelivery(lastAt: now.unixMilliseconds)
        update(.roster(book.roster))
    }
}
