internal import ArgumentParser
internal import ChatClient
internal import ChatProtocol
internal import ChatSecurity

/// How `connect` secures the connection.
struct EncryptionOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Encryption: require, prefer or off.",
            discussion: """
                Default: prefer, which speaks plain text with a server that has no TLS and never had. \
                A server that was once encrypted is never spoken to in plain text again.
                """,
            valueName: "how"
        ),
        completion: .list(ConnectionSecurity.Encryption.allCases.map(\.rawValue)),
        transform: { text in
            guard let encryption = ConnectionSecurity.Encryption(rawValue: text) else {
                throw ValidationError("write require, prefer or off.")
            }
            return encryption
        }
    )
    var tls: ConnectionSecurity.Encryption?

    @Option(
        help: ArgumentHelp(
            "The fingerprint of the server's certificate; no other will do.",
            discussion: "It is remembered in place of the one that was known before.",
            valueName: "sha256:…"
        ),
        transform: { text in
            guard let fingerprint = CertificateFingerprint(text) else {
                throw ValidationError("write sha256: and 64 hexadecimal digits.")
            }
            return fingerprint
        }
    )
    var fingerprint: CertificateFingerprint?

    func validate() throws {
        if tls == .off, fingerprint != nil {
            throw ValidationError("--fingerprint needs encryption, which --tls off turns off.")
        }
    }
}
