internal import Foundation

/// The servers that a user has met, and how each showed who it is.
///
/// A text file with one line a server: the address, one space, and the
/// fingerprint of its certificate, `public-ca` or `plain-text`. Empty lines and lines that
/// start with `#` are kept as they are. The file has mode 0600.
///
/// A line that can't be understood makes the whole file one that can't be used:
/// it may be about any server, and no known server may turn into a stranger.
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

    /// Names the file; it need not exist.
    public init(path: String) {
        self.path = path
    }

    /// What is known of a server, or nil for a stranger.
    ///
    /// - Parameter address: `host:port` as the user wrote it, in any case.
    /// - Throws: ``SecurityFileError`` where the file can't be read, or naming
    ///   the first line that can't be understood.
    public func entry(of address: String) throws -> Entry? {
        try entries(of: lines())[address.lowercased()]
    }

    /// Remembers a server, in place of what was known of it; as one without
    /// encryption only where nothing was.
    ///
    /// - Parameters:
    ///   - identity: How to know it from now on.
    ///   - address: As for ``entry(of:)``.
    /// - Throws: ``SecurityFileError`` where the file can't be written, or is
    ///   damaged; it then stays as it is.
    public func remember(_ identity: Identity, of address: String) throws {
        // Where the file is a link, what it leads to is replaced, not the link.
        let path = (path as NSString).resolvingSymlinksInPath
        let directory = (path as NSString).deletingLastPathComponent
        if !directory.isEmpty {
            try? FileManager.default.createDirectory(
                atPath: directory,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        }
        try PrivateFile.whileLocking(directory: directory.isEmpty ? "." : directory) {
            var lines = try lines()
            let line = "\(address.lowercased()) \(identity.text)"
            if let entry = try entries(of: lines)[address.lowercased()] {
                if identity == .plainText { return }
                lines[entry.line - 1] = line
            } else {
                while lines.last?.isEmpty == true { lines.removeLast() }
                lines.append(line)
            }
            if lines.last?.isEmpty == false { lines.append("") }
            try PrivateFile.write(lines.joined(separator: "\n"), to: path)
        }
    }

    private func lines() throws -> [String] {
        guard let text = try PrivateFile.read(path) else { return [] }
        return text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }.map(String.init)
    }

    private func entries(of lines: [String]) throws -> [String: Entry] {
        var entries: [String: Entry] = [:]
        for (index, line) in lines.enumerated() where !line.isEmpty && !line.hasPrefix("#") {
            let parts = line.split(separator: " ", omittingEmptySubsequences: false)
            guard parts.count == 2, let address = parts.first, !address.isEmpty, let text = parts.last,
                let identity = Identity(text)
            else {
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
}
