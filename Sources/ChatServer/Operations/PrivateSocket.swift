internal import ChatSystem
internal import Foundation

/// A unix socket that only this user may connect to, from its first moment.
///
/// `umask(2)` would not do: it is for the whole process, and other threads make files meanwhile. So the socket is made
/// in a folder that nobody else can enter, gets its mode there, and is then moved to its place.
struct PrivateSocket {
    private let path: String
    private let folder: String

    /// The path to bind to.
    var bindingPath: String { "\(folder)/s" }

    /// Makes the folder.
    ///
    /// - Throws: ``ServerError`` if something other than a socket is in the place, or the folder can't be made.
    init(path: String) throws(ServerError) {
        self.path = path
        folder = "\(path).\(getpid())"
        let existing = try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
        if let existing, existing != .typeSocket {
            throw ServerError("\(path) is there already and is no socket")
        }
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST else {
            throw ServerError("can't make a socket at \(path): \(SystemError("socket").reason)")
        }
        unlink(bindingPath)
    }

    /// Moves the bound socket to its place.
    ///
    /// - Throws: ``ServerError`` if that is not possible.
    func settle() throws(ServerError) {
        guard chmod(bindingPath, 0o600) == 0, rename(bindingPath, path) == 0 else {
            throw ServerError("can't make a socket at \(path): \(SystemError("socket").reason)")
        }
        rmdir(folder)
    }
}
