internal import ChatServerCore
internal import ChatSystem
internal import Foundation
internal import GRDB
internal import Synchronization

/// The open database of a running server, shared by its stores.
///
/// While it is open the data directory is locked. The last store that releases it closes it.
final class DatabaseSession: Sendable {
    let pool: DatabasePool
    /// How many times a server has opened this directory, including this time.
    ///
    /// Together with a connection's number it identifies a guest.
    let run: Int64
    /// The highest id ever given to a record.
    let highest: Int64
    let directory: DataDirectory
    /// Checks that what is committed will still be there after a restart.
    let files: DatabaseFiles

    private let state: Mutex<State>

    private struct State {
        var users: Int
        var lock: DataDirectoryLock?
    }

    /// Opens the database, creates it if it is missing, and upgrades it.
    ///
    /// - Parameters:
    ///   - users: How often ``release()`` will be called.
    ///   - warn: Called with lines for the operator, now and later.
    /// - Throws: ``StorageError``.
    init(
        _ directory: DataDirectory,
        flush: StorageConfiguration.Flush,
        users: Int,
        clock: @escaping UnixClock = { SystemClock.unixMilliseconds },
        warn: @escaping StorageWarning = { _ in }
    ) throws(StorageError) {
        try directory.create()
        let lock = try DataDirectoryLock(directory)
        do {
            pool = try DatabasePool(path: directory.databasePath, configuration: .chat)
            guard try pool.read(Migrations.migrator.hasBeenSuperseded) == false else {
                throw StorageError.newer(path: directory.path)
            }
            try Migrations.migrator.migrate(pool)
            let synchronous = flush == .commit ? "FULL" : "NORMAL"
            try pool.writeWithoutTransaction { database in
                try database.execute(
                    sql: """
                        PRAGMA synchronous = \(synchronous);
                        PRAGMA journal_size_limit = 67108864
                        """
                )
            }
            (run, highest) = try pool.writeDurably { try HistoryState.beginRun($0, boot: BootID.current) }
            files = try DatabaseFiles(directory, clock: clock, warn: warn)
        } catch {
            throw StorageError(error, path: directory.databasePath)
        }
        self.directory = directory
        state = Mutex(State(users: users, lock: lock))
    }

    /// Reads committed data.
    ///
    /// - Throws: Whatever `body` throws, and `StoreError` if the database's files are not in their place: a new
    ///   connection would then open different files.
    func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
        try files.check(.path)
        return try pool.read(body)
    }

    /// Writes in one transaction, which is on the disk when this returns.
    ///
    /// - Throws: Whatever `body` throws, and `StoreError` if the database's files are not in their place.
    func writeDurably<Value>(_ body: (Database) throws -> Value) throws -> Value {
        try checkingFiles {
            try pool.writeDurably { database in
                let value = try body(database)
                try files.check(.path)
                return value
            }
        }
    }

    /// Writes in one transaction that survives a crash of the process, but perhaps not a power cut.
    ///
    /// - Throws: The same as ``writeDurably(_:)``.
    func write(_ body: (Database) throws -> Void) throws {
        try checkingFiles {
            try pool.writeWithoutTransaction { database in
                // These statements are prepared only once; GRDB's transactions would prepare them for every message.
                try database.cachedStatement(sql: "BEGIN IMMEDIATE").run()
                do {
                    try body(database)
                    try files.check(.path)
                    try database.cachedStatement(sql: "COMMIT").run()
                } catch {
                    try? database.rollback()
                    throw error
                }
            }
        }
    }

    /// Checks the files again after the commit: success may be reported only if a restart will find what was written.
    private func checkingFiles<Value>(_ commit: () throws -> Value) throws -> Value {
        let value = try commit()
        try files.check(.directory)
        return value
    }

    /// Tells the session that one of its users no longer needs the database.
    func release() {
        let isLast = state.withLock { state in
            state.users -= 1
            return state.users == 0
        }
        guard isLast else { return }
        // If this fails, the next start skips some ids, which is harmless.
        try? pool.writeDurably { try HistoryState.endRun($0) }
        // Truncates the log: closing would not do it, because it closes the readers last. If a tool is reading at this
        // moment, the log stays and no data is lost.
        try? pool.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA busy_timeout = 0; PRAGMA wal_checkpoint(TRUNCATE)")
        }
        try? pool.close()
        state.withLock { $0.lock = nil }
    }
}

extension Configuration {
    /// The configuration of every connection that may write.
    static var chat: Configuration {
        var configuration = Configuration()
        configuration.journalMode = .wal
        // Tools write while the server runs; nobody holds the lock for long.
        configuration.busyMode = .timeout(5)
        configuration.maximumReaderCount = 4
        // Overwrite deleted data, so that pruned messages are gone from the file, too.
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA secure_delete = ON") }
        return configuration
    }
}

extension StorageError {
    /// Translates an error that happened while a database was opened.
    init(_ error: any Error, path: String) {
        switch error {
        case let error as StorageError:
            self = error
        case let error as DatabaseError where [.SQLITE_NOTADB, .SQLITE_CORRUPT].contains(error.resultCode):
            self = .damaged(path: path, reason: error.reason)
        case let error as DatabaseError:
            self = .unusable(path: path, reason: error.reason(on: DiskSpace(at: path)))
        case let error as SystemError:
            self.init(error, at: path)
        default:
            self = .unusable(path: path, reason: "\(error)")
        }
    }
}

extension DatabaseError {
    /// The reason, without the SQL statement and its values.
    var reason: String { message ?? "SQLite error \(extendedResultCode.rawValue)" }

    /// The reason, with the state of the disk where that explains it.
    func reason(on disk: DiskSpace?) -> String {
        let isAboutFiles = [.SQLITE_IOERR, .SQLITE_FULL, .SQLITE_READONLY, .SQLITE_CANTOPEN].contains(resultCode)
        guard isAboutFiles, let complaint = disk?.complaint else { return reason }
        return "\(complaint) (\(reason))"
    }
}

/// Identifies the current boot of the machine.
enum BootID {
    /// The id of the current boot; nil if the system does not tell.
    static var current: String? {
        let text = try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)
        return text.map { String($0.prefix { !$0.isNewline }) }
    }
}
