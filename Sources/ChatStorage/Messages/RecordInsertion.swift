internal import ChatProtocol
internal import ChatServerCore
internal import GRDB

/// Inserts records into their tables.
///
/// Used for one transaction; the prepared statements belong to the connection.
struct RecordInsertion {
    /// The number of records added so far.
    private(set) var counts = RecordCounts()
    /// The highest id added so far.
    private(set) var highest: Int64 = 0

    private let database: Database
    private let run: Int64
    private let message: Statement

    /// - Parameter run: The server's run; stored with guests.
    init(_ database: Database, run: Int64) throws {
        self.database = database
        self.run = run
        message = try database.cachedStatement(
            sql: """
                INSERT INTO message (\(RecordKind.message.columns))
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        )
    }

    /// Adds one record.
    mutating func insert(_ record: HistoryRecord) throws {
        switch (record.content, record.visibility) {
        case (.chat(let chat), .everyone):
            Self.set(record, chat, in: message)
            try message.run()
            counts.messages += 1
        case (.chat(let chat), .between(let first, let second)):
            try insertPrivate(record, chat, first, second)
            counts.privateMessages += 1
        case (.info(let info), .everyone):
            try insert(record, info)
            counts.infos += 1
        case (.info, .between):
            throw StoreError("an INFO is for everyone")
        }
        highest = max(highest, record.id.number)
    }

    /// Stores the new counts; must be the last step of the transaction.
    func finish() throws {
        try HistoryState.count(counts, highest: highest, in: database)
    }

    private static func set(_ record: HistoryRecord, _ chat: ChatMessage, in statement: Statement) {
        statement.set(record.id.number, at: 1)
        statement.set(record.moment.unixMilliseconds, at: 2)
        statement.set(Int64(record.moment.utcOffsetSeconds), at: 3)
        statement.set(chat.sender, at: 4)
        switch chat.recipient {
        case .everyone: statement.set(nil as String?, at: 5)
        case .user(let nickname): statement.set(nickname, at: 5)
        }
        statement.set(chat.color, at: 6)
        statement.set(chat.text, at: 7)
        statement.set(record.nonce?.tag, at: 8)
        switch record.nonce?.owner {
        case nil:
            statement.set(nil as Int64?, at: 9)
            statement.set(nil as String?, at: 10)
        case .account(let account):
            statement.set(account.number, at: 9)
            statement.set(nil as String?, at: 10)
        case .guest(let key):
            statement.set(nil as Int64?, at: 9)
            statement.set(key.folded, at: 10)
        }
    }

    private func insertPrivate(
        _ record: HistoryRecord,
        _ chat: ChatMessage,
        _ first: Identity,
        _ second: Identity
    ) throws {
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO private_message (\(RecordKind.privateMessage.columns), guest_run)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        )
        let one = StoredIdentity(first, run: run)
        let other = StoredIdentity(second, run: run)
        Self.set(record, chat, in: statement)
        statement.set(one.run, at: 11)
        statement.set(one.owner, at: 12)
        statement.set(other.run, at: 13)
        statement.set(other.owner, at: 14)
        statement.set(one.isGuest && other.isGuest ? run : nil, at: 15)
        try statement.run()
    }

    private func insert(_ record: HistoryRecord, _ info: Info) throws {
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO info (\(RecordKind.info.columns))
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        )
        let event = StoredEvent(info.event)
        statement.set(record.id.number, at: 1)
        statement.set(record.moment.unixMilliseconds, at: 2)
        statement.set(Int64(record.moment.utcOffsetSeconds), at: 3)
        statement.set(info.sender, at: 4)
        statement.set(event.kind, at: 5)
        statement.set(event.other, at: 6)
        statement.set(event.color, at: 7)
        statement.set(event.isAdmin.map { $0 ? 1 : 0 }, at: 8)
        statement.set(info.text, at: 9)
        try statement.run()
    }
}
