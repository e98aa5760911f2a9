internal import ChatSystem
internal import Dispatch
public import NIOCore

/// The servers that a user has met, and how each showed who it is.
///
/// A text file with one line a server: the address, one space, and the
/// fingerprint of its certificate, `public-ca` or `plain-text`. Empty lines and
/// lines that start with `#` are kept as they are. The file has mode 0600.
///
/// A line that is not understood whole makes the file unusable: it may be about
/// any server, and a known server must never turn into a stranger.
///
/// Reading and writing happens on a thread of its own: a disk may be slow, and
/// another program may hold the file's lock.
public struct KnownServers: Sendable {
    /// How a server is known.
    public enum Identity: Hashable, Sendable {
        /// By the certificate that it showed first.
        case pinned(CertificateFingerprint)
        /// By its name in a certificate that a public authority signed.
        case publicAuthority
        /// As one without encryption.
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

    /// What the file says of a server.
    public struct Entry: Hashable, Sendable {
        /// How it is known.
        public var identity: Identity
        /// The number of its line, from 1.
        public var line: Int

        /// Creates an entry.
        public init(identity: Identity, line: Int) {
            self.identity = identity
            self.line = line
        }
    }

    /// Where the file is.
    public let path: String

    private static let queue = DispatchQueue(label: "chat-tui.known-servers")

    /// Names the file; it need not exist.
    public init(path: String) {
        self.path = path
    }

    /// Looks up what is known of a server; nil for a stranger.
    ///
    /// - Parameters:
    ///   - address: `host:port` as the user wrote it, in any case.
    ///   - eventLoop: Where the answer is given.
    /// - Returns: Fails with a ``SecurityFileError`` where the file can't be read,
    ///   or where a line is not understood; it names the first such line.
    public func entry(of address: String, on eventLoop: any EventLoop) -> EventLoopFuture<Entry?> {
        Self.queue.asyncWithFuture(eventLoop: eventLoop) { try entry(of: address) }
    }

    /// Remembers a server, in place of what was known of it; as one without
    /// encryption only where nothing was.
    ///
    /// - Parameters:
    ///   - identity: How to know it from now on.
    ///   - address: As for ``entry(of:on:)``.
    ///   - eventLoop: Where it is said that it is on the disk.
    /// - Returns: Fails with a ``SecurityFileError`` where the file can't be
    ///   written, or is damaged; it then stays as it is.
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
            // Where the file is a link: the folder of the file itself.
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
        // The host may have colons of its own; what can't be seen is not part of a name.
        guard let colon = address.lastIndex(of: ":"), colon > address.startIndex,
            let port = UInt16(address[address.index(after: colon)...]), port > 0,
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
