internal import Foundation

/// A temporary folder for one test, removed at the end of the test.
public final class ScratchFolder: Sendable {
    /// Its path.
    public let path: String
    private let isOwner: Bool

    /// Makes one.
    ///
    /// Its path is short, because sockets are made in it, too.
    public init() throws {
        let name = URL(fileURLWithPath: NSTemporaryDirectory()).appendingPathComponent("chat-tui.XXXXXX").path
        var template = Array(name.utf8CString)
        guard mkdtemp(&template) != nil else { throw Overdue("mkdtemp: \(String(cString: strerror(errno)))") }
        path = String(decoding: template.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        isOwner = true
    }

    /// Refers to a folder that another process made and will remove.
    public init(existing path: String) {
        self.path = path
        isOwner = false
    }

    deinit {
        if isOwner { try? FileManager.default.removeItem(atPath: path) }
    }

    /// Writes a file and gives its path; folders on the way are made.
    @discardableResult
    public func write(_ text: String, to name: String) throws -> String {
        let file = URL(fileURLWithPath: "\(path)/\(name)")
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
        return file.path
    }

    /// The text of a file, a byte-order mark included.
    public func read(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)")), as: UTF8.self)
    }

    /// Makes a symbolic link.
    public func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: "\(path)/\(name)", withDestinationPath: target)
    }

    /// Removes a file, or a folder with all that is in it.
    public func remove(_ name: String) { try? FileManager.default.removeItem(atPath: "\(path)/\(name)") }

    /// Whether there is a file of this name.
    public func contains(_ name: String) -> Bool { FileManager.default.fileExists(atPath: "\(path)/\(name)") }

    /// What is in it, sorted.
    public func names() -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
    }
}
