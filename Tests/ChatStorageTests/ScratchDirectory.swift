internal import ChatStorage
internal import Foundation

/// A directory of its own for one test, gone when the test is.
final class ScratchDirectory: Sendable {
    /// Its path.
    let path: String
    private let isOwner: Bool

    /// A data directory in it, not made yet.
    var data: DataDirectory { DataDirectory("\(path)/data") }

    init() throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("chat-storage-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
        isOwner = true
    }

    /// One that another process made, and will remove.
    init(existing path: String) {
        self.path = path
        isOwner = false
    }

    deinit {
        guard isOwner else { return }
        try? FileManager.default.removeItem(atPath: path)
    }

    /// The permission bits of a file in it.
    func mode(_ name: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")
        return attributes[.posixPermissions] as? Int ?? -1
    }
}
