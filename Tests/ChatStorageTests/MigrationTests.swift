internal import GRDB
internal import Testing

@testable internal import ChatStorage

/// Each migration on what the one before it left, with rows in it: what a
/// released version wrote has to come through all later ones.
@Suite("Migrations")
struct MigrationTests {
    private let database: DatabaseQueue

    init() throws {
        database = try DatabaseQueue()
    }

    private func objects() throws -> Set<String> {
        try database.read { database in
            try String.fetchSet(
                database,
                sql: """
                    SELECT type || ' ' || name FROM sqlite_master
                    WHERE name NOT LIKE 'sqlite_%' AND name NOT GLOB 'search_*' AND name != 'grdb_migrations'
                    """
            )
        }
    }

    private static let afterAccounts: Set<String> = [
        "table account", "table account_state",
        "trigger account_inserted", "trigger account_updated", "trigger account_deleted",
    ]

    private static let afterHistory: Set<String> = afterAccounts.union([
        "table message", "table private_message", "table info", "table history_state",
        "index private_message_first", "index private_message_second", "index private_message_guests",
    ])

    private static let insertAccount = """
        INSERT INTO account (nickname, folded, role, password, created) VALUES ('Ann', 'ann', 'admin', '$', 5)
        """

    private static let insertMessage = """
        INSERT INTO message (id, at, utc_offset, sender, color, text) VALUES (7, 1, 0, 'ann', '#FFF', 'first words')
        """

    @Test("are these, in this order")
    func names() {
        #expect(Migrations.migrator.migrations == ["accounts", "history", "search", "bans", "credentials"])
    }

    @Test("accounts: ids never come again, and the revision follows every change")
    func accounts() throws {
        try Migrations.migrator.migrate(database, upTo: "accounts")
        #expect(try objects() == Self.afterAccounts)
        try database.write { database in
            let revision = { try Int.fetchOne(database, sql: "SELECT revision FROM account_state") }
            try database.execute(sql: Self.insertAccount)
            #expect(try revision() == 1)
            try database.execute(sql: "UPDATE account SET role = 'member'")
            #expect(try revision() == 2)
            try database.execute(sql: "DELETE FROM account")
            #expect(try revision() == 3)
            try database.execute(sql: Self.insertAccount)
            #expect(try Int.fetchOne(database, sql: "SELECT id FROM account") == 2)
        }
        #expect(throws: DatabaseError.self) {
            try database.write { try $0.execute(sql: Self.insertAccount) }
        }
        #expect(throws: DatabaseError.self) {
            try database.write { try $0.execute(sql: "UPDATE account SET role = 'owner'") }
        }
    }

    @Test("history: accounts stay")
    func history() throws {
        try Migrations.migrator.migrate(database, upTo: "accounts")
        try database.write { try $0.execute(sql: Self.insertAccount) }
        try Migrations.migrator.migrate(database, upTo: "history")
        #expect(try objects() == Self.afterHistory)
        try database.write { database in
            #expect(try String.fetchOne(database, sql: "SELECT nickname FROM account") == "Ann")
            #expect(
                try Row.fetchOne(database, sql: "SELECT highest, run, is_closed FROM history_state") == [
                    "highest": 0, "run": 0, "is_closed": 1,
                ]
            )
            try database.execute(sql: Self.insertMessage)
        }
    }

    @Test("search: what was said before gets into the index")
    func search() throws {
        try Migrations.migrator.migrate(database, upTo: "history")
        try database.write { try $0.execute(sql: Self.insertMessage) }
        try Migrations.migrator.migrate(database, upTo: "search")
        #expect(try objects() == Self.afterHistory.union(["view searchable", "table search"]))
        try database.write { database in
            #expect(try SearchIndex.extend(database) == false)
            #expect(try Int.fetchAll(database, sql: "SELECT rowid FROM search WHERE search MATCH 'words'") == [7])
            try database.execute(sql: "INSERT INTO search (search) VALUES ('integrity-check')")
        }
    }

    @Test("bans: what was there stays, and there is one for each nickname")
    func bans() throws {
        try Migrations.migrator.migrate(database, upTo: "search")
        try database.write { database in
            try database.execute(sql: Self.insertAccount)
            try database.execute(sql: Self.insertMessage)
        }
        let before = try objects()
        try Migrations.migrator.migrate(database, upTo: "bans")
        #expect(try objects() == before.union(["table ban"]))
        let insert = """
            INSERT INTO ban (nickname, folded, address, created, admin, reason)
            VALUES ('Bob', 'bob', x'C0000201', 5, 'ann', '')
            """
        try database.write { database in
            #expect(try Int.fetchOne(database, sql: "SELECT count(*) FROM account") == 1)
            #expect(try Int.fetchOne(database, sql: "SELECT count(*) FROM message") == 1)
            try database.execute(sql: insert)
        }
        #expect(throws: DatabaseError.self) { try database.write { try $0.execute(sql: insert) } }
        #expect(throws: DatabaseError.self) {
            try database.write { try $0.execute(sql: "UPDATE ban SET address = x'00'") }
        }
    }

    @Test("credentials: who is registered stays, with the password it was")
    func credentials() throws {
        try Migrations.migrator.migrate(database, upTo: "bans")
        try database.write { try $0.execute(sql: Self.insertAccount) }
        let before = try objects()
        try Migrations.migrator.migrate(database, upTo: "credentials")
        #expect(try objects() == before)
        try database.read { database in
            let row = try Row.fetchOne(database, sql: "SELECT nickname, password, credential_revision FROM account")
            #expect(row == ["nickname": "Ann", "password": "$", "credential_revision": 0])
        }
    }

    @Test("a page of private messages is found by an index, without sorting")
    func plan() throws {
        try Migrations.migrator.migrate(database)
        let plan = try database.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    EXPLAIN QUERY PLAN SELECT * FROM private_message
                    WHERE id > 1 AND id < 9 AND first_run = 0 AND first_owner = 3 ORDER BY id DESC LIMIT 5
                    """
            ).map { $0["detail"] as String }
        }
        #expect(plan.count == 1)
        #expect(
            plan.first?.contains("USING INDEX private_message_first (first_run=? AND first_owner=? AND rowid") == true
        )
    }
}
