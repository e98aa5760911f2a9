internal import ChatProtocol

/// The registered users as the store last told, findable by id and nickname.
struct AccountDirectory: Sendable {
    private var accounts: [AccountID: Account] = [:]
    private var owners: [NicknameKey: AccountID] = [:]
    /// Who may be taken for what: mostly one for each form.
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

    /// An account whose nickname a reader may take for another, spelled
    /// differently; the oldest one.
    ///
    /// - Parameter own: An account that may look so: the asker's.
    func lookalike(of nickname: Nickname, except own: AccountID? = nil) -> Account? {
        var found: AccountID?
        for form in NicknameLook(nickname.text).forms {
            for id in looks[form] ?? [] where id != own && id.number <= found?.number ?? .max { found = id }
        }
        return found.flatMap { accounts[$0] }
    }

    /// Applies what is new, in time that depends only on how much that is; of two
    /// accounts with one nickname only one counts.
    ///
    /// - Returns: The nicknames whose owners are others than before, or have
    ///   changed.
    mutating func apply(_ changes: AccountChanges) -> [NicknameKey] {
        let changed = changes.changed.filter { accounts[$0.id] != $0 }
        var touched: [NicknameKey] = []
        var concernsAdmins = false
        func note(_ account: Account) {
            touched.append(account.nickname.key)
            if account.role == .admin { concernsAdmins = true }
        }

        // All come free before any is taken: two accounts may have swapped.
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
