internal import GRDB

extension DatabaseQueue {
    /// Opens the database of a directory for a tool that may write, whether a server is running or not.
    ///
    /// A database of an older version is upgraded only if no server is using it.
    ///
    /// - Parameter creates: Whether to create what is missing.
    static func openForTool(
        _ directory: DataDirectory,
        creates: Bool = false
    ) throws(StorageError) -> DatabaseQueue {
        if creates {
            try directory.create()
        } else if !directory.hasDatabase {
            throw .missing(path: directory.path)
        }
        do {
            let queue = try DatabaseQueue(path: directory.databasePath, configuration: .chat)
            let migrator = Migrations.migrator
            if try queue.read(migrator.hasBeenSuperseded) { throw StorageError.newer(path: directory.path) }
            if try queue.read(migrator.hasCompletedMigrations) { return queue }
            try queue.close()
            try upgrade(directory)
            return try DatabaseQueue(path: directory.databasePath, configuration: .chat)
        } catch {
            throw StorageError(error, path: directory.databasePath)
        }
    }

    /// Opens the database anew, because the lock needs it closed.
    private static func upgrade(_ directory: DataDirectory) throws {
        let lock = try lockForMigration(directory)
        let queue = try DatabaseQueue(path: directory.databasePath, configuration: .chat)
        try Migrations.migrator.migrate(queue)
        try queue.close()
        withExtendedLifetime(lock) {}
    }

    private static func lockForMigration(_ directory: DataDirectory) throws(StorageError) -> DataDirectoryLock {
        do {
            return try DataDirectoryLock(directory)
        } catch {
            guard case .inUse = error else { throw error }
            throw .outdated(path: directory.path)
        }
    }
}
