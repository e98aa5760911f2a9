internal import Foundation
internal import GRDBSQLite
internal import Synchronization

/// Counts what SQLite wrote to each file of this process since it last synced that file.
///
/// It stands between SQLite and its own file functions, which do the work. Only databases opened after ``begin()`` are
/// watched; writes through other descriptors of the same file are not counted.
enum WatchedFiles {
    private typealias Methods = UnsafePointer<sqlite3_io_methods>

    /// One of SQLite's tables of file functions, or one that replaces it; never freed.
    private struct Table: @unchecked Sendable {
        var methods: Methods
    }

    private struct File: Sendable {
        var path: String
        var table: Table
        var methods: Methods { table.methods }
    }

    private struct State {
        var files: [UInt: File] = [:]
        /// The table that replaces each of SQLite's tables, by the address of that one.
        var replacements: [UInt: Table] = [:]
        var unsynced: [String: Int] = [:]
        var syncs: [String: Int] = [:]
    }

    private static let state = Mutex(State())

    /// Whether it stands between SQLite and its file functions; it stays there until the process ends.
    private static let isThere: Bool = {
        guard let original = sqlite3_vfs_find(nil) else { return false }
        let layer = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
        layer.initialize(to: original.pointee)
        layer.pointee.pNext = nil
        layer.pointee.zName = UnsafePointer(strdup("watched"))
        layer.pointee.xOpen = { _, name, file, flags, outFlags in
            guard let original = WatchedFiles.original, let file else { return SQLITE_CANTOPEN }
            let code = original.pointee.xOpen(original, name, file, flags, outFlags)
            if code == SQLITE_OK, let name { WatchedFiles.note(file, path: String(cString: name)) }
            return code
        }
        return sqlite3_vfs_register(layer, 1) == SQLITE_OK
    }()

    nonisolated(unsafe) private static let original = sqlite3_vfs_find("unix")

    /// Watches every database that is opened from now on.
    ///
    /// - Returns: Whether that is possible.
    static func begin() -> Bool { original != nil && isThere }

    /// The number of writes to a file since it was last synced.
    static func unsyncedWrites(_ path: String) -> Int { state.withLock { $0.unsynced[path] ?? 0 } }

    /// How often a file was synced.
    static func syncs(_ path: String) -> Int { state.withLock { $0.syncs[path] ?? 0 } }

    private static func note(_ file: UnsafeMutablePointer<sqlite3_file>, path: String) {
        guard let methods = file.pointee.pMethods else { return }
        let table = Table(methods: methods)
        let key = UInt(bitPattern: file)
        let replacement = state.withLock { state in
            state.files[key] = File(path: path, table: table)
            let address = UInt(bitPattern: table.methods)
            let replacement = state.replacements[address] ?? Table(methods: Self.replacement(of: table.methods))
            state.replacements[address] = replacement
            return replacement
        }
        file.pointee.pMethods = replacement.methods
    }

    private static func replacement(of methods: Methods) -> Methods {
        let copy = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
        copy.initialize(to: methods.pointee)
        copy.pointee.xWrite = { file, bytes, count, offset in
            guard let file, let known = WatchedFiles.known(file) else { return SQLITE_IOERR }
            WatchedFiles.state.withLock { $0.unsynced[known.path, default: 0] += 1 }
            return known.methods.pointee.xWrite(file, bytes, count, offset)
        }
        copy.pointee.xSync = { file, flags in
            guard let file, let known = WatchedFiles.known(file) else { return SQLITE_IOERR }
            let code = known.methods.pointee.xSync(file, flags)
            if code == SQLITE_OK {
                WatchedFiles.state.withLock { state in
                    state.unsynced[known.path] = 0
                    state.syncs[known.path, default: 0] += 1
                }
            }
            return code
        }
        copy.pointee.xClose = { file in
            guard let file, let known = WatchedFiles.known(file) else { return SQLITE_IOERR }
            let key = UInt(bitPattern: file)
            WatchedFiles.state.withLock { $0.files[key] = nil }
            return known.methods.pointee.xClose(file)
        }
        return UnsafePointer(copy)
    }

    private static func known(_ file: UnsafeMutablePointer<sqlite3_file>) -> File? {
        let key = UInt(bitPattern: file)
        return state.withLock { $0.files[key] }
    }
}
