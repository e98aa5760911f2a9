internal import ChatProtocol
internal import ChatServerCore
internal import GRDB

/// Reads records back from the rows of a query.
struct RecordReader {
    /// The server's current run, or 0 if no server is running.
    let run: Int64

    /// Runs a query on one table; it must select ``RecordKind/columns``.
    func read(_ kind: RecordKind, from statement: Statement) throws -> [HistoryRecord] {
        var records: [HistoryRecord] = []
        try statement.forEachRow { records.append(record(kind, statement)) }
        return records
    }

    private func record(_ kind: RecordKind, _ row: Statement) -> HistoryRecord {
        let id = MessageID(row.int64(0))
        let moment = Timestamp(
            unixMilliseconds: row.int64(1),
            utcOffsetSeconds: Int32(clamping: row.int64(2))
        )
        switch kind {
        case .message:
            return HistoryRecord(
                id: id,
                moment: moment,
                visibility: .everyone,
                nonce: nonce(row),
                content: .chat(chat(id, row))
            )
        case .privateMessage:
            let first = StoredIdentity(run: row.int64(10), owner: row.int64(11))
            let second = StoredIdentity(run: row.int64(12), owner: row.int64(13))
            return HistoryRecord(
                id: id,
                moment: moment,
                visibility: .between(first.identity(run: run), second.identity(run: run)),
                nonce: nonce(row),
                content: .chat(chat(id, row))
            )
        case .info:
            let event = StoredEvent(
                kind: row.isNull(4) ? nil : row.int64(4),
                other: row.optionalText(5),
                color: row.optionalText(6),
                isAdmin: row.isNull(7) ? nil : row.int64(7) != 0
            )
            let info = Info(id: id, sender: row.text(3), event: event.event, text: row.text(8))
            return HistoryRecord(id: id, moment: moment, visibility: .everyone, content: .info(info))
        }
    }

    private func chat(_ id: MessageID, _ row: Statement) -> ChatMessage {
        ChatMessage(
            id: id,
            sender: row.text(3),
            recipient: row.optionalText(4).map(Recipient.user) ?? .everyone,
            color: row.text(5),
            text: row.text(6)
        )
    }

    private func nonce(_ row: Statement) -> Nonce? {
        guard let tag = row.optionalText(7) else { return nil }
        if let folded = row.optionalText(9) {
            return Nonce(owner: .guest(NicknameKey(folded)), tag: tag)
        }
        return Nonce(owner: .account(AccountID(row.int64(8))), tag: tag)
    }
}
