internal import ChatProtocol
internal import ChatTestSupport
internal import Testing

@testable import ChatServerCore

@Suite("The directory of accounts")
struct AccountDirectoryTests {
    @Test("comes to the same by differences as from scratch, and names them all", arguments: 1...50)
    func differences(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let names = try ["ann", "bob", "cat", "dan", "eve", "Ann", "BOB"].map { try Nickname($0) }
        var directory = AccountDirectory()
        var before: [Account] = []
        for _ in 0..<50 {
            var list: [Account] = []
            var taken: Set<NicknameKey> = []
            for number in 1...6 where Bool.random(using: &generator) {
                let nickname = names[Int.random(in: 0..<names.count, using: &generator)]
                guard taken.insert(nickname.key).inserted else { continue }
                let role: Role = Bool.random(using: &generator) ? .admin : .member
                list.append(Account(id: AccountID(Int64(number)), nickname: nickname, role: role))
            }
            list.shuffle(using: &generator)

            let known = Dictionary(uniqueKeysWithValues: before.map { ($0.id, $0) })
            let touched = Set(directory.apply(AccountChanges(from: known, to: list)))
            for name in names {
                let owner = list.first { $0.nickname.key == name.key }
                #expect(directory.owner(of: name.key) == owner)
                let hasChanged = before.first { $0.nickname.key == name.key } != owner
                #expect(touched.contains(name.key) == hasChanged, "\(name.text)")
            }
            for number in 1...6 {
                let id = AccountID(Int64(number))
                #expect(directory[id] == list.first { $0.id == id })
            }
            let admins = list.filter { $0.role == .admin }.map(\.nickname)
            #expect(directory.admins == admins.sorted { $0.key.folded < $1.key.folded }.map(\.text))
            before = list
        }
    }

    @Test("names nobody but who is concerned by a change, however many there are")
    func many() throws {
        var directory = AccountDirectory()
        let accounts = try (1...5000).map {
            try Account(id: AccountID($0), nickname: Nickname("user\($0)"), role: .member)
        }
        #expect(directory.apply(AccountChanges(changed: accounts)).count == 5000)
        var renamed = accounts[7]
        renamed.nickname = try Nickname("rob")
        let touched = directory.apply(AccountChanges(changed: [renamed], removed: [AccountID(1)]))
        #expect(touched.map(\.folded) == ["user1", "user8", "rob"])
        // In Cyrillic: о.
        #expect(directory.lookalike(of: try Nickname("r\u{43E}b")) == renamed)
        #expect(directory[AccountID(1)] == nil)
    }

    @Test("gives a nickname that two accounts claim to one of them")
    func doubles() throws {
        var directory = AccountDirectory()
        let ann = try Account(id: AccountID(1), nickname: Nickname("ann"), role: .member)
        let other = try Account(id: AccountID(2), nickname: Nickname("ANN"), role: .admin)
        _ = directory.apply(AccountChanges(changed: [ann, other]))
        #expect(directory.owner(of: ann.nickname.key) == ann)
        #expect(directory[other.id] == nil)
        #expect(directory.admins.isEmpty)
    }
}
