internal import GRDB
internal import GRDBSQLite

// Binds and reads values with SQLite's own calls: GRDB builds an array of boxed values per row, which costs more than
// the insertion itself.
extension Statement {
    /// Sets a parameter; the first has index 1.
    func set(_ value: Int64, at index: Int32) {
        sqlite3_bind_int64(sqliteStatement, index, value)
    }

    /// Sets a parameter; nil is NULL.
    func set(_ value: Int64?, at index: Int32) {
        if let value { set(value, at: index) } else { sqlite3_bind_null(sqliteStatement, index) }
    }

    /// Sets a parameter; nil is NULL.
    func set(_ text: String?, at index: Int32) {
        guard var text else {
            sqlite3_bind_null(sqliteStatement, index)
            return
        }
        text.withUTF8 { utf8 in
            // Pass the length, so that a NUL in the text survives. SQLite makes a copy, because the bytes are valid
            // only during this call.
            let copies = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
            _ = utf8.withMemoryRebound(to: CChar.self) {
                sqlite3_bind_text(sqliteStatement, index, $0.baseAddress, Int32(clamping: $0.count), copies)
            }
        }
    }

    /// Runs a statement that returns no rows, and resets it for the next values.
    func run() throws(DatabaseError) {
        let code = sqlite3_step(sqliteStatement)
        // Read the error before the reset overwrites it.
        let failure = code == SQLITE_DONE ? nil : lastError
        sqlite3_reset(sqliteStatement)
        if let failure { throw failure }
    }

    /// Calls `body` for every row; read columns with ``int64(_:)`` and ``text(_:)``.
    func forEachRow(_ body: () -> Void) throws(DatabaseError) {
        try forRows {
            body()
            return true
        }
    }

    /// Calls `body` for every row until it returns false.
    func forRows(while body: () -> Bool) throws(DatabaseError) {
        defer { sqlite3_reset(sqliteStatement) }
        while true {
            switch sqlite3_step(sqliteStatement) {
            case SQLITE_ROW: if !body() { return }
            case SQLITE_DONE: return
            default: throw lastError
            }
        }
    }

    /// A number in the current row.
    ///
    /// The first column has index 0; NULL is read as 0.
    func int64(_ column: Int32) -> Int64 {
        sqlite3_column_int64(sqliteStatement, column)
    }

    /// A text in the current row; nil for NULL.
    func optionalText(_ column: Int32) -> String? {
        // SQLite's manual requires reading the text before its length.
        guard let bytes = sqlite3_column_text(sqliteStatement, column) else { return nil }
        let count = Int(sqlite3_column_bytes(sqliteStatement, column))
        return String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    }

    /// A text in the current row; NULL is read as an empty text.
    func text(_ column: Int32) -> String {
        optionalText(column) ?? ""
    }

    /// Whether a column of the current row is NULL.
    func isNull(_ column: Int32) -> Bool {
        sqlite3_column_type(sqliteStatement, column) == SQLITE_NULL
    }

    private var lastError: DatabaseError {
        let connection = sqlite3_db_handle(sqliteStatement)
        return DatabaseError(
            resultCode: ResultCode(rawValue: sqlite3_extended_errcode(connection)),
            message: sqlite3_errmsg(connection).map { String(cString: $0) }
        )
    }
}
