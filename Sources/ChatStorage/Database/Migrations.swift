internal import GRDB

/// The steps that build the current schema from an empty database.
///
/// A released migration is never changed; a new one is added instead.
enum Migrations {
    /// All migrations, oldest first.
    static let migrator: DatabaseMigrator = {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("accounts", migrate: accounts)
        migrator.registerMigration("history", migrate: history)
        migrator.registerMigration("search", migrate: search)
        migrator.registerMigration("bans", migrate: bans)
        migrator.registerMigration("credentials", migrate: credentials)
        return migrator
    }()

    /// Registered users.
    ///
    /// `folded` makes a nickname unique. Ids are never reused, because private messages refer to them.
    ///
    /// `account_state.revision` lets another process see cheaply that it has to read the accounts again.
    @Sendable
    private static func accounts(_ database: Database) throws {
        try database.execute(
            sql: """
                CREATE TABLE account (
                    id INTEGER PRIMARY KEY AUTOINCREMENT,
                    nickname TEXT NOT NULL,
                    folded TEXT NOT NULL UNIQUE,
                    role TEXT NOT NULL CHECK (role IN ('member', 'admin')),
                    password TEXT NOT NULL,
                    created INTEGER NOT NULL
                ) STRICT;

                CREATE TABLE account_state (
                    id INTEGER PRIMARY KEY CHECK (id = 1),
                    revision INTEGER NOT NULL
                ) STRICT;
                INSERT INTO account_state (id, revision) VALUES (1, 0);

                CREATE TRIGGER account_inserted AFTER INSERT ON account
                BEGIN UPDATE account_state SET revision = revision + 1; END;
                CREATE TRIGGER account_updated AFTER UPDATE ON account
                BEGIN UPDATE account_state SET revision = revision + 1; END;
                CREATE TRIGGER account_deleted AFTER DELETE ON account
                BEGIN UPDATE account_state SET revision = revision + 1; END;
                """
        )
    }

    /// Numbered messages, in three tables: each kind has its own limit, and a page of one kind is a short range of
    /// rows.
    ///
    /// Each end of a private message is stored as (run, owner): run 0 and the account's id for a member, the server's
    /// run and the connection for a guest. `guest_run` is set if both are guests: once that run is over nobody can read
    /// the message any more.
    ///
    /// A nonce belongs to an account or to a guest's folded nickname. It has no index: nonces are in random order, and
    /// keeping an index over them would cost six times as much as the insertion. Only the latest nonces are read, once
    /// at start.
    @Sendable
    private static func history(_ database: Database) throws {
        try database.execute(
            sql: """
                CREATE TABLE message (
                    id INTEGER PRIMARY KEY,
                    at INTEGER NOT NULL,
                    utc_offset INTEGER NOT NULL,
                    sender TEXT NOT NULL,
                    recipient TEXT,
                    color TEXT NOT NULL,
                    nonce TEXT,
                    nonce_account INTEGER,
                    nonce_guest TEXT,
                    text TEXT NOT NULL
                ) STRICT;

                CREATE TABLE private_message (
                    id INTEGER PRIMARY KEY,
                    at INTEGER NOT NULL,
                    utc_offset INTEGER NOT NULL,
                    sender TEXT NOT NULL,
                    recipient TEXT,
                    color TEXT NOT NULL,
                    nonce TEXT,
                    nonce_account INTEGER,
                    nonce_guest TEXT,
                    text TEXT NOT NULL,
                    first_run INTEGER NOT NULL,
                    first_owner INTEGER NOT NULL,
                    second_run INTEGER NOT NULL,
                    second_owner INTEGER NOT NULL,
                    guest_run INTEGER
                ) STRICT;
                CREATE INDEX private_message_first ON private_message (first_run, first_owner);
                CREATE INDEX private_message_second ON private_message (second_run, second_owner);
                CREATE INDEX private_message_guests ON private_message (guest_run) WHERE guest_run IS NOT NULL;

                CREATE TABLE info (
                    id INTEGER PRIMARY KEY,
                    at INTEGER NOT NULL,
                    utc_offset INTEGER NOT NULL,
                    sender TEXT NOT NULL,
                    event INTEGER,
                    other TEXT,
                    color TEXT,
                    is_admin INTEGER,
                    text TEXT NOT NULL
                ) STRICT;

                CREATE TABLE history_state (
                    id INTEGER PRIMARY KEY CHECK (id = 1),
                    highest INTEGER NOT NULL,
                    messages INTEGER NOT NULL,
                    private_messages INTEGER NOT NULL,
                    infos INTEGER NOT NULL,
                    run INTEGER NOT NULL,
                    boot TEXT,
                    is_closed INTEGER NOT NULL
                ) STRICT;
                INSERT INTO history_state (id, highest, messages, private_messages, infos, run, boot, is_closed)
                VALUES (1, 0, 0, 0, 0, 0, NULL, 1);
                """
        )
    }

    /// Full-text search over messages; `search_state.through` is the last id in the index.
    @Sendable
    private static func search(_ database: Database) throws {
        try database.execute(
            sql: """
                CREATE VIEW searchable AS
                    SELECT id, sender, text FROM message
                    UNION ALL
                    SELECT id, sender, text FROM private_message;

                CREATE VIRTUAL TABLE search USING fts5 (
                    sender, text,
                    content = 'searchable', content_rowid = 'id',
                    tokenize = '\(SearchTokenizer.description)'
                );

                CREATE TABLE search_state (
                    id INTEGER PRIMARY KEY CHECK (id = 1),
                    through INTEGER NOT NULL
                ) STRICT;
                INSERT INTO search_state (id, through) VALUES (1, 0);
                """
        )
    }

    /// Banned users.
    ///
    /// `folded` is the nickname as in `account`; `address` has 4 or 16 bytes.
    ///
    /// There is no foreign key to `account`: a ban stays when the account is deleted, and ids are not reused.
    @Sendable
    private static func bans(_ database: Database) throws {
        try database.execute(
            sql: """
                CREATE TABLE ban (
                    id INTEGER PRIMARY KEY AUTOINCREMENT,
                    nickname TEXT NOT NULL,
                    folded TEXT NOT NULL UNIQUE,
                    account INTEGER,
                    address BLOB CHECK (length(address) IN (4, 16)),
                    created INTEGER NOT NULL,
                    expires INTEGER,
                    admin TEXT NOT NULL,
                    reason TEXT NOT NULL
                ) STRICT;
                """
        )
    }

    /// The version of an account's password.
    ///
    /// It rises with every new password, so that users who logged in with the old one can be logged out.
    @Sendable
    private static func credentials(_ database: Database) throws {
        try database.execute(
            sql: "ALTER TABLE account ADD COLUMN credential_revision INTEGER NOT NULL DEFAULT 0"
        )
    }
}

/// How text is split into words for the index.
enum SearchTokenizer {
    /// Words are letters and digits of all scripts; case and diacritics are ignored.
    static let description = "unicode61 remove_diacritics 2"
}
