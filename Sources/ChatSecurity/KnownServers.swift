internal import Foundation

/// The servers that a user has met, and how each showed who it is.
///
/// A text file with one line a server: the address, one space, and either the
/// fingerprint of its certificate or `public-ca`. Lines starting with `#` are
/// kept as they are. The file has mode 0600.
public struct KnownServers: Sendable {
    /// How a server is known.
    public enum Identity: Hashable, Sendable {
        /// By the certificate that it showed first.
        case pinned(CertificateFingerprint)
        /// By its name in a certificate that a public authority signed.
        case publicAuthority

        fileprivate init?(_ text: Substring) {
            if text == "public-ca" {
                self = .publicAuthority
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
            }
        }
    }

    private let path: String

    /// Names the file; it need not exist.
    public init(path: String) {
        self.path = path
    }

    /// How a server is known, or nil for a stranger.
    ///
    /// - Parameter address: `host:port` as the user wrote it, in lower case.
    /// - Throws: ``SecurityFileError`` where the file can't be read or a line
    ///   of this server can't be understood: a damaged file must not turn a
    ///   known server into a stranger.
    public func identity(of address: String) throws -> Identity? {
        guard let text = try PrivateFile.read(path) else { return nil }
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let parts = line.split(separator: " ", maxSplits: 1)
            guard parts.first.map(String.init) == address.lowercased() else { continue }
            guard parts.count == 2, let identity = Identity(parts[1]) else {
                throw SecurityFileError(path: path, reason: "line \(index + 1) can't be understood; remove or mend it")
            }
            return identity
        }
        return nil
    }

    /// Remembers a server, in place of what was known of it.
    ///
    /// - Throws: ``SecurityFileError`` where the file can't be written.
    public func remember(_ identity: Identity, of address: String) throws {
        let address = address.lowercased()
        var lines = (try PrivateFile.read(path) ?? "").split(separator: "\n").map(String.init)
        lines.removeAll { $0.split(separator: " ").first.map(String.init) == address }
        lines.append("\(address) \(identity.text)")
        let directory = (path as NSString).deletingLastPathComponent
        if !directory.isEmpty {
            try? FileManager.default.createDirectory(
                atPath: directory,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        }
        try PrivateFile.write(lines.joined(separator: "\n") + "\n", to: path)
    }
}
