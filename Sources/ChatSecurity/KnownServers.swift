internal import ChatSystem
internal import Dispatch
public import NIOCore

/// The servers that a user has connected to, and how each one proved its identity.
///
/// They are stored in a text file with one line per server: the address, one space, and the fingerprint of its
/// certificate, `public-ca` or `plain-text`. Empty lines and lines that start with `#` are kept as they are. The file
/// has mode 0600.
///
/// If any line can't be read completely, the whole file counts as unusable: the line may be about any server, and a
/// known server must never be treated as an unknown one.
///
/// Reading and writing happens on a thread of its own, because a disk may be slow and another program may hold the
/// file's lock.
public struct KnownServers: Sendable {
    /// How a known server is recognized.
    public enum Identity: Hashable, Sendable {
        /// By the certificate that it showed at first contact.
        case pinned(CertificateFingerprint)
        /// By its name in a certificate that a public authority signed.
        case publicAuthority
        /// As a server without encryption.
        case plainText

        fileprivate init?(_ text: Substring) {
            if text == "public-ca" {
                self = .publicAuthority
            } else if text == "plain-text" {
                self = .plainText
            } else if let fingerprint = CertificateFingerprint(String(text)) {
                self = .pinned(fingerprint)
            } else {
                return nil
            }
        }

        fileprivate var text: String {
            switch self {
            case .pinned(let fingerprint): fingerprint.description
            case .publicAuthority: "public-ca"
            case .plainText: "plain-text"
            }
        }
    }

    /// What the file says about a server.
    public struct Entry: Hashable, Sendable {
        /// How the server is recognized.
        public var identity: Identity
        /// The number of its line in the file, counted from 1.
        public var line: Int

        /// Creates an entry.
        public init(identity: Identity, line: Int) {
            self.identity = identity
            self.line = line
        }
    }

    /// The path of the file.
    public let path: String

    private static let queue = DispatchQueue(label: "chat-tui.known-servers")

    /// Refers to a file, which need not exist yet.
    public init(path: String) {
        self.path = path
    }

    /// Looks up a server; nil if it is unknown.
    ///
    /// - Parameters:
    ///   - address: `host:port` as the user wrote it, in upper or lower case.
    ///   - eventLoop: The event loop on which the result is delivered.
    /// - Returns: A future that fails with a ``SecurityFileError`` if the file can't be read, or if a line is not
    ///   understood; the error names the first such line.
    public func entry(of address: String, on eventLoop: any EventLoop) -> EventLoopFuture<Entry?> {
        Self.queue.asyncWithFuture(eventLoop: eventLoop) { try entry(of: address) }
    }

    /// Stores how to recognize a server, replacing what was stored before; `plainText` is stored only if nothing was.
    ///
    /// - Parameters:
    ///   - identity: How to recognize the server from now on.
    ///   - address: As for ``entry(of:on:)``.
    ///   - eventLoop: The event loop on which the result is delivered, once it is on the disk.
    /// - Returns: A future that fails with a ``SecurityFileError`` if the file can't be written or is damaged; the file
    ///   is then unchanged.
    public func remember(
        _ identity: Identity,
        of address: String,
        on eventLoop: any EventLoop
    ) -> EventLoopFuture<Void> {
        Self.queue.asyncWithFuture(eventLoop: eventLoop) { try remember(identity, of: address) }
    }

    // MARK: On the file's thread

    func entry(of address: String) throws(SecurityFileError) -> Entry? {
        try entries(in: lines(of: SecurityFile.read(path)))[address.lowercased()]
    }

    func remember(_ identity: Identity, of address: String) throws(SecurityFileError) {
        let lock: OpenFile
        do throws(SystemError) {
            // If the path is a link, lock the folder of its target.
            let folder = Folder.containing(try File.destination(of: path))
            try Folder.make(folder)
            lock = try OpenFile(locking: folder)
        } catch {
            throw SecurityFileError(path: path, reason: error.reason)
        }
        var file = try SecurityFile.read(path) ?? EditedText()
        var lines = try lines(of: file)
        let line = "\(address.lowercased()) \(identity.text)"
        if let entry = try entries(in: lines)[address.lowercased()] {
            if identity == .plainText { return }
            lines[entry.line - 1] = line
        } else {
            while lines.last?.isEmpty == true { lines.removeLast() }
            lines.append(line)
        }
        if lines.last?.isEmpty == false { lines.append("") }
        file.utf8 = Array(lines.joined(separator: "\n").utf8)
        try SecurityFile.write(file.bytes, to: path)
        extendLifetime(lock)
    }

    private func lines(of file: EditedText?) throws(SecurityFileError) -> [String] {
        guard let file else { return [] }
        guard let text = file.text else { throw SecurityFileError(path: path, reason: "is no text in UTF-8") }
        return text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
    }

    private func entries(in lines: [String]) throws(SecurityFileError) -> [String: Entry] {
        var entries: [String: Entry] = [:]
        for (index, line) in lines.enumerated() where !line.isEmpty && !line.hasPrefix("#") {
            guard let (address, identity) = Self.parts(of: line) else {
                throw SecurityFileError(path: path, reason: "line \(index + 1) can't be understood; mend or remove it")
            }
            let entry = Entry(identity: identity, line: index + 1)
            if let other = entries.updateValue(entry, forKey: address.lowercased()) {
                let reason = "lines \(other.line) and \(entry.line) are about the same server; remove the wrong one"
                throw SecurityFileError(path: path, reason: reason)
            }
        }
        return entries
    }

    private static func parts(of line: String) -> (address: String, identity: Identity)? {
        let parts = line.unicodeScalars.split(separator: " ", omittingEmptySubsequences: false).map { Substring($0) }
        guard parts.count == 2, let identity = Identity(parts[1]) else { return nil }
        let address = parts[0]
        // The host may contain colons itself. Invisible characters can't be part of a name.
        guard let colon = address.lastIndex(of: ":"), colon > address.startIndex,
            let port = UInt16(address[address.index(after: colon)...]), port > 0,
            // Written in another way, such as 07713, the port would match no server.
            address.unicodeScalars.elementsEqual("\(address[...colon])\(port)".unicodeScalars),
            address.unicodeScalars.allSatisfy(isPartOfAddress)
        else { return nil }
        return (String(address), identity)
    }

    private static func isPartOfAddress(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar.value > 0x20 && scalar.value < 0x7F }
        return scalar.properties.isAlphabetic || scalar.properties.numericType != nil
            || scalar.properties.generalCategory == .nonspacingMark
    }
}
