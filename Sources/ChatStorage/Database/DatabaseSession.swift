internal import ChatServerCore
internal import ChatSystem
internal import Foundation
internal import GRDB
internal import Synchronization

/// The open database of a running server, shared by its stores.
///
/// While it is open the data directory is locked. The last of its users
/// closes it.
final class DatabaseSession: Sendable {
    let pool: DatabasePool
    /// How many times a server opened this directory, this time included.
    ///
    /// With the connection's number it names a guest.
    let run: Int64
    /// The highest id ever given to a record.
    let highest: Int64
    let directory: DataDirectory
    /// Whether what is committed will be there after a restart.
    let files: DatabaseFiles

    private let state: Mutex<State>

    private struct State {
        var users: Int
        var lock: DataDirectoryLock?
    }

    /// Opens the database, makes it where it is missing and brings it up to date.
    ///
    /// - Parameters:
    ///   - users: How often ``release()`` will be called.
    ///   - warn: Called with what the operator should know, also later.
    /// - Throws: ``StorageError``.
    init(
        _ directory: DataDirectory,
        flush: StorageConfiguration.Flush,
        users: Int,
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
            files = try DatabaseFiles(directory, warn: warn)
        } catch {
            throw StorageError(error, path: directory.databasePath)
        }
        self.directory = directory
        state = Mutex(State(users: users, lock: lock))
    }

    /// Reads what was committed.
    ///
    /// - Throws: What `body` does, and `StoreError` where the database's files are
    ///   not in their place: a connection that is opened now would open others.
    func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
        try files.check()
        return try pool.read(body)
    }

    /// Writes in one transaction that is on the disk when this returns.
    ///
    /// - Throws: What `body` does, and `StoreError` where the database's files are
    ///   not in their place.
    func writeDurably<Value>(_ body: (Database) throws -> Value) throws -> Value {
        try checkingFiles {
            try pool.writeDurably { database in
                let value = try body(database)
                try files.check()
                return value
            }
        }
    }

    /// Writes in one transaction that survives the end of the process.
    ///
    /// - Throws: As ``writeDurably(_:)``.
    func write(_ body: (Database) throws -> Void) throws {
        try checkingFiles {
            try pool.writeWithoutTransaction { database in
                try database.inTransaction(.immediate) {
                    try body(database)
                    try files.check()
                    return .commit
                }
            }
        }
    }

    /// Looks once more after the commit: only what went into the files that a
    /// restart finds may be confirmed.
    private func checkingFiles<Value>(_ commit: () throws -> Value) throws -> Value {
        let value = try commit()
        try files.check()
        return value
    }

    /// Says that one user needs the database no longer.
    func release() {
        let isLast = state.withLock { state in
            state.users -= 1
            return state.users == 0
        }
        guard isLast else { return }
        // Where this fails the next start skips some ids, which is harmless.
        try? pool.writeDurably { try HistoryState.endRun($0) }
        // Closing leaves this out, because it closes the readers last. Where a
        // tool is reading just now the log stays, and nothing is missing.
        try? pool.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA busy_timeout = 0; PRAGMA wal_checkpoint(TRUNCATE)")
        }
        try? pool.close()
        state.withLock { $0.lock = nil }
    }
}

extension Configuration {
    /// How every connection that may write is opened.
    static var chat: Configuration {
        var configuration = Configuration()
        configuration.journalMode = .wal
        // Tools write beside the server; nobody holds the lock for long.
        configuration.busyMode = .timeout(5)
        configuration.maximumReaderCount = 4
        // What is pruned is gone from the file, too.
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA secure_delete = ON") }
        return configuration
    }
}

extension StorageError {
    /// What an error means that came up while a database was opened.
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
    /// What went wrong, without the statement and its values.
    var reason: String { message ?? "SQLite error \(extendedResultCode.rawValue)" }

    /// What went wrong, and why, where the disk it was on is the reason.
    func reason(on disk: DiskSpace?) -> String {
        let isAboutFiles = [.SQLITE_IOERR, .SQLITE_FULL, .SQLITE_READONLY, .SQLITE_CANTOPEN].contains(resultCode)
        guard isAboutFiles, let complaint = disk?.complaint else { return reason }
        return "\(complaint) (\(reason))"
    }
}

/// Names the time since the machine was started.
enum BootID {
    /// This one's, or nil where the system does not say.
    static var current: String? {
        let text = try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)
        return text.map { String($0.prefix { !$0.isNewline }) }
    }
}
