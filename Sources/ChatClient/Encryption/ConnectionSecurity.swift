public import ChatSecurity

/// How to secure the connection to a server.
public struct ConnectionSecurity: Sendable {
    /// How much encryption the user wants.
    public enum Encryption: String, Hashable, Sendable, CaseIterable {
        /// Only TLS.
        case require
        /// TLS; plain text only with a server that does not speak TLS and never did.
        case prefer
        /// Plain text; refused for a server that is known to be encrypted.
        case off
    }

    /// How much encryption the user wants; an address that starts with `chats://` or a fingerprint requires it.
    public var encryption: Encryption

    /// The fingerprint that the server's certificate must have; nil to decide by what is known of the server.
    public var fingerprint: CertificateFingerprint?

    /// What the user wrote to choose ``encryption``, for advice: `--tls off`, or the place in a file.
    public var source: String

    /// The store of known servers.
    ///
    /// With nil no server is remembered, and the user is not told when a server shows the certificate of
    /// ``fingerprint``.
    public var knownServers: KnownServers?

    /// The authorities that may confirm a server's name.
    var authorities: CertificateAuthorities = .system

    /// Creates the security settings of a connection.
    public init(
        encryption: Encryption = .prefer,
        fingerprint: CertificateFingerprint? = nil,
        source: String? = nil,
        knownServers: KnownServers?
    ) {
        self.encryption = encryption
        self.fingerprint = fingerprint
        self.source = source ?? "--tls \(encryption.rawValue)"
        self.knownServers = knownServers
    }

    /// Plain text without trying TLS, for a server that belongs to the user.
    public static let plain = ConnectionSecurity(encryption: .off, knownServers: nil)
}
