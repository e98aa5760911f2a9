public import ChatSecurity

/// How the connection to a server is to be secured.
public struct ConnectionSecurity: Sendable {
    /// How much encryption is wanted.
    public enum Encryption: String, Hashable, Sendable, CaseIterable {
        /// Nothing but TLS.
        case require
        /// TLS, and plain text with a server that speaks none and never did.
        case prefer
        /// Plain text, with a server that was never seen encrypted.
        case off
    }

    /// How much encryption is wanted; an address that starts with `chats://`
    /// and a fingerprint require it.
    public var encryption: Encryption

    /// The certificate that the server has to show; nil leaves it to what is
    /// known of it.
    public var fingerprint: CertificateFingerprint?

    /// Where servers are remembered; nil remembers none, and tells the user of
    /// none that shows the certificate of ``fingerprint``.
    public var knownServers: KnownServers?

    /// Who may vouch for a server by its name.
    var authorities: CertificateAuthorities = .system

    /// Creates the settings of a connection.
    public init(
        encryption: Encryption = .prefer,
        fingerprint: CertificateFingerprint? = nil,
        knownServers: KnownServers?
    ) {
        self.encryption = encryption
        self.fingerprint = fingerprint
        self.knownServers = knownServers
    }

    /// Plain text at once, for a server that is one's own.
    public static let plain = ConnectionSecurity(encryption: .off, knownServers: nil)
}
