import ChatProtocol
import ChatServerCore
import FuzzSupport

/// The accounts' store: keeps nicknames unique, and answers in the order asked.
struct AccountBook {
    struct Change {
        var connection: ConnectionID
        /// As who asks knows it; nil for an account to be made.
        var account: Account?
        var nickname: Nickname?
        var setsPassword = false
    }

    private var list: [Account] = []
    /// What the room knows.
    private var told: [AccountID: Account] = [:]
    private var asked: [Change] = []
    private var lastNumber: Int64 = 0

    /// An admin and a member.
    init() {
        for (name, role) in [("ann", Role.admin), ("eve", .member)] {
            _ = (try? Nickname(name)).flatMap { add($0, role) }
        }
    }

    /// Whether nothing is asked for.
    var isIdle: Bool { asked.isEmpty }

    /// What the room does not know.
    mutating func news() -> AccountChanges {
        defer { told = Dictionary(uniqueKeysWithValues: list.map { ($0.id, $0) }) }
        return AccountChanges(from: told, to: list)
    }

    mutating func ask(_ change: Change) {
        asked.append(change)
    }

    /// Carries out the oldest change that was asked for.
    ///
    /// - Returns: For whom, and the account as it is now; nil where nothing was changed.
    mutating func answer(fails: Bool) -> (ConnectionID, Account?)? {
        guard !asked.isEmpty else { return nil }
        let change = asked.removeFirst()
        guard !fails else { return (change.connection, nil) }
        guard let account = change.account else {
            return (change.connection, tell(change.nickname.flatMap { add($0, .member) }))
        }
        guard let index = list.firstIndex(where: { $0.id == account.id }),
            list[index].credentialRevision == account.credentialRevision
        else { return (change.connection, nil) }
        if let nickname = change.nickname, !rename(index, nickname) { return (change.connection, nil) }
        if change.setsPassword { list[index].credentialRevision += 1 }
        return (change.connection, tell(list[index]))
    }

    /// The answer is news by itself.
    private mutating func tell(_ account: Account?) -> Account? {
        if let account { told[account.id] = account }
        return account
    }

    /// Does what an operator might do behind the room's back.
    mutating func edit(_ reader: inout ByteReader) {
        for _ in 0..<1 + reader.number(below: 3) {
            let nickname = try? Nickname(reader.nickname())
            let index = reader.number(below: max(1, list.count))
            let other = reader.number(below: max(1, list.count))
            switch reader.number(below: 6) {
            case 0: _ = nickname.flatMap { add($0, reader.flag() ? .admin : .member) }
            case 1 where !list.isEmpty: list.remove(at: index)
            case 2 where !list.isEmpty: list[index].role = list[index].role == .admin ? .member : .admin
            case 3 where !list.isEmpty: _ = nickname.map { rename(index, $0) }
            case 4 where !list.isEmpty:
                let name = list[index].nickname
                list[index].nickname = list[other].nickname
                list[other].nickname = name
            case 5 where !list.isEmpty: list[index].credentialRevision += 1
            default: break
            }
        }
    }

    private mutating func add(_ nickname: Nickname, _ role: Role) -> Account? {
        guard !list.contains(where: { $0.nickname.key == nickname.key }) else { return nil }
        lastNumber += 1
        let account = Account(id: AccountID(lastNumber), nickname: nickname, role: role)
        list.append(account)
        return account
    }

    private mutating func rename(_ index: Int, _ nickname: Nickname) -> Bool {
        let id = list[index].id
        guard !list.contains(where: { $0.nickname.key == nickname.key && $0.id != id }) else { return false }
        list[index].nickname = nickname
        return true
    }
}
