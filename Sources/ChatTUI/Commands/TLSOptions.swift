internal import ArgumentParser
internal import ChatClient
internal import ChatSecurity
internal import ChatServer

/// The options for encryption of `serve` and `host`.
struct TLSOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Encrypt connections: auto or off.",
            discussion: """
                With auto the server makes itself a certificate, once, and keeps it in the data directory. Clients \
                know it by the fingerprint in the line they connect with.
                """
        )
    )
    var tls = TLSArgument.auto

    @Option(
        help: ArgumentHelp(
            "Encrypt with this certificate, PEM, followed by those that vouch for it.",
            discussion: "Needs --tls-key. Both files are read again at SIGHUP (serve).",
            valueName: "file"
        ),
        completion: .file()
    )
    var tlsCertificate: String?

    @Option(help: ArgumentHelp("The certificate's key, PEM, not encrypted.", valueName: "file"), completion: .file())
    var tlsKey: String?

    @Option(
        help: ArgumentHelp(
            "Who may connect without TLS: allow, loopback or refuse.",
            discussion: "Clients of the original application know no TLS. loopback: programs on this machine only."
        )
    )
    var plaintext = PlaintextArgument.allow

    /// A contradiction between options that are valid on their own; nil if there is none.
    var contradiction: Contradiction? {
        if (tlsCertificate == nil) != (tlsKey == nil) {
            let (given, missing) =
                tlsKey == nil ? ("tls-certificate", "tls-key") : ("tls-key", "tls-certificate")
            return Contradiction { called in "\(called(given)) needs \(called(missing)), too" }
        }
        guard tls == .off else { return nil }
        if tlsCertificate != nil {
            return Contradiction { called in "\(called("tls")) off and \(called("tls-certificate")) exclude each other"
            }
        }
        guard plaintext != .allow else { return nil }
        return Contradiction { called in
            "with \(called("tls")) off there is only plain text: \(called("plaintext")) must be allow"
        }
    }

    /// Finds or creates the certificate.
    ///
    /// - Parameter directory: Where the server's own certificate is stored; nil to keep it only in memory.
    /// - Throws: ``CommandFailure`` with the file and the reason.
    func open(keptIn directory: String?) throws(CommandFailure) -> OpenEncryption {
        do {
            let certificate = tls == .off ? nil : try certificate(keptIn: directory)
            return OpenEncryption(
                certificate: certificate,
                isPublic: tlsCertificate != nil && certificate?.isSelfSigned == false,
                isKept: tlsCertificate != nil || directory != nil,
                plaintext: plaintext.policy
            )
        } catch {
            throw CommandFailure("\(error)")
        }
    }

    private func certificate(keptIn directory: String?) throws -> CertificateSource {
        if let tlsCertificate, let tlsKey {
            return try CertificateSource(certificatePath: tlsCertificate, keyPath: tlsKey)
        }
        guard let directory else { return try CertificateSource() }
        let files = try SelfSignedCertificate.loadOrCreate(in: directory)
        return try CertificateSource(certificatePath: files.certificate, keyPath: files.key)
    }
}

/// Whether connections are encrypted, as a value on the command line.
enum TLSArgument: String, ExpressibleByArgument, CaseIterable {
    case auto
    case off
}

/// Which clients may connect without encryption, as a value on the command line.
enum PlaintextArgument: String, ExpressibleByArgument, CaseIterable {
    case allow
    case loopback
    case refuse

    var policy: PlaintextPolicy {
        switch self {
        case .allow: .allow
        case .loopback: .loopback
        case .refuse: .refuse
        }
    }
}

extension Setting {
    /// The settings for encryption of `serve` and `host`.
    static let encryption = [
        choice("tls", default: TLSArgument.auto), path("tls-certificate"), path("tls-key"),
        choice("plaintext", default: PlaintextArgument.allow),
    ]
}

/// How a server encrypts, and what its operator and users should know about it.
struct OpenEncryption {
    /// The certificate; nil for plain text only.
    let certificate: CertificateSource?
    /// Whether an authority confirms the certificate, so that clients can recognize it by its name.
    let isPublic: Bool
    /// Whether the certificate stays the same after a restart.
    let isKept: Bool
    /// Which clients may connect without encryption.
    let plaintext: PlaintextPolicy

    /// What the operator should fix about the certificate, one line each.
    var concerns: [String] { certificate?.concerns.map(\.description) ?? [] }

    /// The command with which others can join the server.
    func invitation(to address: HostAndPort) -> String {
        // Some shells read brackets as a pattern.
        let place = address.description.contains("[") ? "'\(address)'" : "\(address)"
        guard let certificate, !isPublic else { return "chat-tui connect \(place)" }
        return "chat-tui connect \(place) --fingerprint \(certificate.fingerprint)"
    }

    /// How the host connects to their own server: encrypted like everybody, and accepting only the server's own
    /// certificate.
    var own: ConnectionSecurity {
        guard let certificate else { return .plain }
        return ConnectionSecurity(encryption: .require, fingerprint: certificate.fingerprint, knownServers: nil)
    }

    /// The encryption in use, as one line.
    var notice: String {
        guard let certificate else { return "Not encrypted: everyone on the way can read along." }
        // The invitation leaves out the fingerprint of a public certificate: if users pinned it, it could not be
        // renewed.
        let own = isPublic ? " with \(certificate.fingerprint)" : isKept ? "" : " with a certificate for this run only"
        switch plaintext {
        case .allow: return "Encrypted\(own); plain text is taken too, for clients that know no TLS."
        case .loopback: return "Encrypted\(own); plain text is taken from this machine only."
        case .refuse: return "Encrypted\(own); plain text is refused."
        }
    }
}
