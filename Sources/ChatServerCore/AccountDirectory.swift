internal import ChatProtocol

/// The registered users as the store last told, findable by id and nickname.
struct AccountDirectory: Sendable {
    private var accounts: [AccountID: Account] = [:]
    private var owners: [NicknameKey: AccountID] = [:]
    /// Who may be taken for what: mostly one for each form.
    private var looks: [String: [AccountID]] = [:]

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

    /// Takes over the whole list; of two accounts with one nickname only one
    /// counts.
    ///
    /// The list is long and little of it new, so all that costs more than a
    /// look is done for the differences alone.
    ///
    /// - Returns: The nicknames whose owners are others than before, or have
    ///   changed, in the order of the list.
    mutating func replace(with list: [Account]) -> [NicknameKey] {
        let changed = list.filter { accounts[$0.id] != $0 }
        var touched: [NicknameKey] = []
        var concernsAdmins = false
        func note(_ account: Account) {
            touched.append(account.nickname.key)
            if account.role == .admin { concernsAdmins = true }
        }

        let known = changed.count { accounts[$0.id] != nil }
        if list.count - changed.count + known < accounts.count {
            let remaining = Set(list.map(\.id))
            for account in accounts.values.filter({ !remaining.contains($0.id) }).sorted(by: {
                $0.id.number < $1.id.number
            }) {
                note(account)
                forget(account)
            }
        }
        // All come free before any is taken: two accounts may have swapped.
        for account in changed {
            guard let previous = accounts[account.id] else { continue }
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
        if owners[account.nickname.key] == account.id { owners[account.nickname.key] = nil }
        for form in NicknameLook(account.nickname.text).forms {
            looks[form]?.removeAll { $0 == account.id }
            if looks[form]?.isEmpty == true { looks[form] = nil }
        }
    }

    private mutating func add(_ account: Account) {
        accounts[account.id] = account
        owners[account.nickname.key] = account.id
        for form in NicknameLook(account.nickname.text).forms { looks[form, default: []].append(account.id) }
    }

    /// Takes over one account, new or changed.
    mutating func update(_ account: Account) {
        let previous = accounts[account.id]
        if let previous { forget(previous) }
        add(account)
        if account.role == .admin || previous?.role == .admin { listAdmins() }
    }

    private mutating func listAdmins() {
        admins = accounts.values
            .filter { $0.role == .admin }
            .sorted { $0.nickname.key.folded < $1.nickname.key.folded }
            .map(\.nickname.text)
    }
}
