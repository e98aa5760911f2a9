internal import ChatSystem

/// Why a file of keys, certificates or known servers can't be used.
public struct SecurityFileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The path of the file.
    public var path: String
    /// What is wrong with the file; never contains anything from it.
    public var reason: String

    /// Creates an error.
    public init(path: String, reason: String) {
        self.path = path
        self.reason = reason
    }

    /// One line for the user.
    public var description: String { "\(path): \(reason)" }
}

/// Reads and writes files of keys, certificates and known servers.
enum SecurityFile {
    /// The largest file that is read, in bytes.
    private static let maximumBytes = 1_048_576

    /// Reads a file; nil if it does not exist.
    static func read(_ path: String) throws(SecurityFileError) -> EditedText? {
        do throws(SystemError) {
            return try File.read(path, maximumBytes: maximumBytes).map { EditedText($0) }
        } catch {
            throw SecurityFileError(path: path, reason: error.reason)
        }
    }

    /// Writes a file in one step; only its owner may read it.
    static func write(_ bytes: [UInt8], to path: String) throws(SecurityFileError) {
        do throws(SystemError) {
            try File.replace(path, with: bytes, access: .ownerOnly)
        } catch {
            throw SecurityFileError(path: path, reason: error.reason)
        }
    }
}
