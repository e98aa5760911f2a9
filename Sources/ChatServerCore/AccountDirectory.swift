internal import ChatProtocol

/// The registered users as the store last reported them, to be found by id and nickname.
struct AccountDirectory: Sendable {
    private var accounts: [AccountID: Account] = [:]
    private var owners: [NicknameKey: AccountID] = [:]
    /// The accounts by what their nicknames look like; usually one for each look.
    private var looks: [String: [AccountID]] = [:]

    private var adminIDs: Set<AccountID> = []
    /// The nicknames of all admins, logged in or not, in the order of their keys.
    private(set) var admins: [String] = []

    /// The account with an id.
    subscript(id: AccountID) -> Account? { accounts[id] }

    /// The account that owns a nickname in any spelling.
    func owner(of key: NicknameKey) -> Account? {
        guard let id = owners[key] else { return nil }
        return accounts[id]
    }

    /// The oldest account whose nickname is spelled differently, but may be mistaken for this one.
    ///
    /// - Parameter own: An account that may look like it: the asker's own.
    func lookalike(of nickname: Nickname, except own: AccountID? = nil) -> Account? {
        var found: AccountID?
        for form in NicknameLook(nickname.text).forms {
            for id in looks[form] ?? [] where id != own && id.number <= found?.number ?? .max { found = id }
        }
        return found.flatMap { accounts[$0] }
    }

    /// Applies changes, in time that depends only on how many there are.
    ///
    /// If two accounts have the same nickname, only one of them counts.
    ///
    /// - Returns: The nicknames whose owner is another one than before, or has changed.
    mutating func apply(_ changes: AccountChanges) -> [NicknameKey] {
        let changed = changes.changed.filter { accounts[$0.id] != $0 }
        var touched: [NicknameKey] = []
        var concernsAdmins = false
        func note(_ account: Account) {
            touched.append(account.nickname.key)
            if account.role == .admin { concernsAdmins = true }
        }

        // Release all nicknames before any is taken: two accounts may have swapped theirs.
        for id in changes.removed + changed.map(\.id) {
            guard let previous = accounts[id] else { continue }
            note(previous)
            forget(previous)
        }
        for account in changed where owners[account.nickname.key] == nil && accounts[account.id] == nil {
            note(account)
            add(account)
        }
        if concernsAdmins { listAdmins() }
        return touched
    }

    private mutating func forget(_ account: Account) {
        accounts[account.id] = nil
        adminIDs.remove(account.id)
        if owners[account.nickname.key] == account.id { owners[account.nickname.key] = nil }
        for form in NicknameLook(account.nickname.text).forms {
            looks[form]?.removeAll { $0 == account.id }
            if looks[form]?.isEmpty == true { looks[form] = nil }
        }
    }

    private mutating func add(_ account: Account) {
        accounts[account.id] = account
        if account.role == .admin { adminIDs.insert(account.id) }
        owners[account.nickname.key] = account.id
        for form in NicknameLook(account.nickname.text).forms { looks[form, default: []].append(account.id) }
    }

    /// Applies one account, new or changed.
    mutating func update(_ account: Account) {
        let previous = accounts[account.id]
        if let previous { forget(previous) }
        add(account)
        if account.role == .admin || previous?.role == .admin { listAdmins() }
    }

    private mutating func listAdmins() {
        admins = adminIDs.compactMap { accounts[$0] }
            .sorted { $0.nickname.key.folded < $1.nickname.key.folded }
            .map(\.nickname.text)
    }
}
