internal import ChatProtocol

/// The registered users as the store last told, findable by id and nickname.
struct AccountDirectory: Sendable {
    private var accounts: [AccountID: Account] = [:]
    private var owners: [NicknameKey: AccountID] = [:]

    /// The nicknames of all admins, logged in or not, in the order of their keys.
    private(set) var admins: [String] = []

    /// The account with an id.
    subscript(id: AccountID) -> Account? { accounts[id] }

    /// The account that owns a nickname in any spelling.
    func owner(of key: NicknameKey) -> Account? {
        guard let id = owners[key] else { return nil }
        return accounts[id]
    }

    /// Takes over the whole list; of two accounts with one nickname the first
    /// keeps it.
    mutating func replace(with list: [Account]) {
        accounts = [:]
        owners = [:]
        for account in list where owners[account.nickname.key] == nil && accounts[account.id] == nil {
            accounts[account.id] = account
            owners[account.nickname.key] = account.id
        }
        listAdmins()
    }

    /// Takes over one account, new or changed.
    mutating func update(_ account: Account) {
        let previous = accounts.updateValue(account, forKey: account.id)
        if let previous, owners[previous.nickname.key] == account.id {
            owners[previous.nickname.key] = nil
        }
        owners[account.nickname.key] = account.id
        if account.role == .admin || previous?.role == .admin { listAdmins() }
    }

    private mutating func listAdmins() {
        admins = accounts.values
            .filter { $0.role == .admin }
            .sorted { $0.nickname.key.folded < $1.nickname.key.folded }
            .map(\.nickname.text)
    }
}
