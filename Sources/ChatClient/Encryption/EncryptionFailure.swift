internal import ChatSecurity

/// Why the client does not go on with a server that it has reached, in words for the user.
struct EncryptionFailure: Error, Hashable {
    /// The reason in one sentence.
    var reason: String
    /// What it may mean and what to do; nil as long as nothing speaks against trying again.
    var advice: String?
    /// Whether trying again may help in spite of the advice.
    var mayPass = false
    /// Whether the server may speak only plain text, without proof of that.
    var isDoubt = false

    init(_ reason: String, advice: String? = nil) {
        self.reason = reason
        self.advice = advice
    }

    /// The user asked for plain text, but the server is known to be encrypted.
    init(plainTextWantedOf server: String, known: LineOfFile) {
        self.init(
            "\(server) was encrypted before, so it is not spoken to in plain text.",
            advice: """
                \(server) was encrypted before, so it is not spoken to in plain text. \
                Leave out --tls off; or, only if the server really has no encryption any more, \
                remove \(known) and type /reconnect.
                """
        )
    }

    /// TLS failed, and plain text is not allowed.
    ///
    /// - Parameter isRepeated: Whether it failed so often that the server may have no TLS.
    init(
        _ failure: TLSFailure,
        from server: String,
        demand: EncryptionPlan.Demand?,
        path: String?,
        isRepeated: Bool = false
    ) {
        let what =
            switch failure {
            case .silence: "\(server) does not answer in TLS"
            case .closed: "\(server) closes the connection when it is asked for TLS"
            case .notTLS: "\(server) does not speak TLS"
            case .handshake(let words): "\(server) speaks TLS, but no encryption came about: \(words)"
            }
        let why =
            switch (failure, demand) {
            case (.handshake, _), (_, nil): ""
            case (_, .asked?): ", and nothing else is wanted"
            case (_, .known?), (_, .seen?): ", and was encrypted before"
            }
        reason = what + why + "."
        mayPass = isRepeated && (failure == .silence || failure == .closed)
        guard failure == .notTLS || mayPass else { return }
        let remedy =
            switch demand {
            case .asked?: "To speak plain text with it, leave out --tls require, --fingerprint and chats://."
            case .known(let line)?:
                """
                Somebody on the way may want to read along. Only if the server really has no encryption any more, \
                remove \(LineOfFile(line: line, path: path ?? "known_servers")) and type /reconnect.
                """
            case .seen?, nil:
                """
                Somebody on the way may want to read along. Only if the server really has no encryption any more, \
                leave and run
                chat-tui connect \(Self.quoted(server)) --tls off
                """
            }
        advice = "\(reason) Nothing was sent. \(remedy)"
    }

    /// The server showed a different certificate than expected.
    init?(_ verdict: ServerVerdict, of server: String, wanted: CertificateFingerprint?, known: LineOfFile?) {
        switch verdict {
        case .expected, .publicAuthority, .firstUse:
            return nil
        case .changed(let expected?, let shown) where expected == wanted:
            self.init(
                "\(server) does not show the certificate that --fingerprint names.",
                advice: """
                    \(server) does not show the certificate that --fingerprint names. Nothing was sent.
                    wanted  \(expected)
                    shown   \(shown)
                    The server may have a new certificate since, or somebody on the way is passing itself off as it. \
                    Ask whoever runs it for its fingerprint. Only if it is the one that was shown, leave and run
                    \(Self.command(server, shown))
                    """
            )
        case .changed(let expected, let shown):
            let command = Self.command(server, shown)
            let before = expected.map(\.description) ?? "any that a public authority vouches for"
            let removal = known.map { "remove \($0)" }
            self.init(
                """
                The certificate of \(server) has changed: it may not be the same server. Only if \(shown) \
                is its new fingerprint, \(removal.map { "\($0), or " } ?? "")run: \(command)
                """,
                advice: """
                    WARNING: the certificate of \(server) has changed. Nothing was sent.
                    before  \(before)
                    now     \(shown)
                    The server was installed anew, or somebody on the way is passing itself off as it. \
                    Ask whoever runs it for its fingerprint. Only if it is the new one, \
                    \(removal.map { "\($0) and type /reconnect, or " } ?? "")leave and run
                    \(command)
                    """
            )
        case .otherName(let shown):
            self.init(
                "The certificate of \(server) is somebody else's.",
                advice: """
                    The certificate of \(server) is valid, but for another name. Nothing was sent.
                    shown   \(shown)
                    Connect by the name that it was made for; or, if you know that it is the server's, run
                    \(Self.command(server, shown))
                    """
            )
        case .outdated(let shown):
            self.init(
                "The certificate of \(server) has expired, or is not valid yet.",
                advice: """
                    The certificate of \(server) has expired, or is not valid yet. Nothing was sent.
                    shown   \(shown)
                    Check this machine's clock, and tell whoever runs the server; or, if you know that the \
                    certificate is the server's, run
                    \(Self.command(server, shown))
                    """
            )
        }
    }

    /// The command to type to accept a certificate of a server.
    private static func command(_ server: String, _ fingerprint: CertificateFingerprint) -> String {
        "chat-tui connect \(quoted(server)) --fingerprint \(fingerprint)"
    }

    /// Quotes an address for a shell, because some shells read brackets as a pattern.
    private static func quoted(_ server: String) -> String {
        server.contains("[") ? "'\(server)'" : server
    }

    /// The file of known servers can't be used.
    init(_ error: SecurityFileError) {
        self.init(
            "The known servers can't be read: \(error)",
            advice: """
                The known servers can't be read: \(error). \
                Without them a server that is passed off as another would go unnoticed, so nothing was sent.
                """
        )
    }
}

/// A line of the file that the user may have to remove.
struct LineOfFile: Hashable, CustomStringConvertible {
    var line: Int
    var path: String

    var description: String { "line \(line) of \(path)" }
}
