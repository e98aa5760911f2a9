internal import ChatProtocol
internal import ChatServerCore

/// Plays the store of accounts.
struct AccountsDouble {
    /// When passwords are compared.
    var verifying = Scene.Pace.immediate
    /// When changes are made.
    var changing = Scene.Pace.immediate
    /// Whether every change fails.
    var fails = false

    private(set) var all: [Account] = []
    /// What the room knows.
    private var told: [AccountID: Account] = [:]
    private var passwords: [AccountID: String] = [:]
    private var comparisons: [RoomEvent] = []
    private var changes: [Change] = []
    private(set) var verifications = 0

    private enum Change {
        case change(ConnectionID, Account, Nickname?, String?)
        case register(ConnectionID, Nickname, String)
    }

    mutating func add(_ nickname: String, password: String, _ role: Role) {
        guard let nickname = try? Nickname(nickname) else { return }
        let id = AccountID(Int64(passwords.count + 1))
        passwords[id] = password
        all.append(Account(id: id, nickname: nickname, role: role))
    }

    func password(of nickname: String) -> String? {
        account(nickname).flatMap { passwords[$0.id] }
    }

    func account(_ nickname: String) -> Account? {
        all.first { $0.nickname.key == NicknameKey(nickname) }
    }

    mutating func verify(_ connection: ConnectionID, _ account: AccountID, _ password: String) -> [RoomEvent] {
        verifications += 1
        comparisons.append(.verified(connection, account, isCorrect: passwords[account] == password))
        return verifying == .immediate ? finishComparisons() : []
    }

    mutating func finishComparisons() -> [RoomEvent] {
        defer { comparisons = [] }
        return comparisons
    }

    mutating func change(
        _ connection: ConnectionID,
        _ account: Account,
        _ nickname: Nickname?,
        _ password: String?
    ) -> [RoomEvent] {
        changes.append(.change(connection, account, nickname, password))
        return changing == .immediate ? finishChanges() : []
    }

    mutating func register(_ connection: ConnectionID, _ nickname: Nickname, _ password: String) -> [RoomEvent] {
        changes.append(.register(connection, nickname, password))
        return changing == .immediate ? finishChanges() : []
    }

    /// Makes the changes that were asked for; as a real store does, tells
    /// everybody before it answers.
    mutating func finishChanges() -> [RoomEvent] {
        let due = changes
        changes = []
        return due.flatMap { apply($0) }
    }

    private mutating func apply(_ change: Change) -> [RoomEvent] {
        switch change {
        case .change(let connection, let account, let nickname, let password):
            let id = account.id
            let isTaken = all.contains { $0.id != id && $0.nickname.key == nickname?.key }
            guard !fails, !isTaken, let index = all.firstIndex(where: { $0.id == id }),
                all[index].credentialRevision == account.credentialRevision
            else { return [.accountChanged(connection, nil)] }
            if let nickname { all[index].nickname = nickname }
            if let password { setPassword(at: index, password) }
            return [.accounts(news(asked: id)), .accountChanged(connection, all[index])]
        case .register(let connection, let nickname, let password):
            guard !fails, account(nickname.text) == nil else { return [.accountChanged(connection, nil)] }
            add(nickname.text, password: password, .member)
            let account = account(nickname.text)
            return [.accounts(news(asked: account?.id)), .accountChanged(connection, account)]
        }
    }

    /// What the room does not know.
    ///
    /// - Parameter isNewRoom: Whether it knows nothing at all.
    mutating func news(asked: AccountID? = nil, isNewRoom: Bool = false) -> AccountChanges {
        if isNewRoom { told = [:] }
        defer { told = Dictionary(uniqueKeysWithValues: all.map { ($0.id, $0) }) }
        return AccountChanges(from: told, to: all, asked: asked)
    }

    /// Changes an account's password from outside.
    mutating func setPassword(of nickname: String, to password: String) {
        guard let index = all.firstIndex(where: { $0.nickname.text == nickname }) else { return }
        setPassword(at: index, password)
    }

    private mutating func setPassword(at index: Int, _ password: String) {
        passwords[all[index].id] = password
        all[index].credentialRevision += 1
    }

    /// Changes an account from outside.
    mutating func edit(_ nickname: String, _ body: (inout Account) -> Void) {
        guard let index = all.firstIndex(where: { $0.nickname.text == nickname }) else { return }
        body(&all[index])
    }

    /// Removes an account from outside.
    mutating func remove(_ nickname: String) {
        all.removeAll { $0.nickname.text == nickname }
    }
}

extension Scene {
    /// Answers all passwords that wait.
    mutating func finishComparisons() {
        for event in accounts.finishComparisons() { handle(event) }
    }

    /// Answers all account changes that wait.
    mutating func finishChanges() {
        for event in accounts.finishChanges() { handle(event) }
    }

    /// Changes accounts from outside and lets the room know.
    mutating func editAccounts(_ body: (inout AccountsDouble) -> Void) {
        body(&accounts)
        handle(.accounts(accounts.news()))
    }
}
