internal import ChatSecurity

/// What to speak to a server, TLS or plain text, and what to do if that fails.
enum EncryptionPlan: Hashable {
    /// Plain text, because the user wants no TLS.
    case plain
    /// Plain text first, then TLS: the server had no TLS the last time.
    case plainFirst
    /// TLS first; plain text only if the server proves that it speaks nothing else.
    case tlsFirst
    /// Only TLS.
    case tlsOnly(Demand)
    /// Don't connect: the user asked for plain text, but the server is known to be encrypted, by this line of the file.
    case refuse(line: Int)

    /// Why plain text is not allowed.
    enum Demand: Hashable {
        /// The user asked for TLS, by a flag, a fingerprint or the address.
        case asked
        /// The server is known to be encrypted, by this line of the file.
        case known(line: Int)
        /// The server was encrypted earlier in this run.
        case seen
    }

    /// How the server spoke the last time in this run.
    enum Seen: Hashable {
        case encrypted
        /// It had no TLS, or the user allowed plain text.
        case plain
    }

    /// What to do next.
    enum Next: Hashable {
        /// Use plain text, on a new connection.
        case fallBack
        /// Report that it is not clear whether the server speaks TLS; try again, then ask the user.
        case doubt
        /// Report why, and try the same again later.
        case tryAgain
        /// Report why, and give up.
        case stop
    }

    /// Decides what to speak first.
    init(wanted: ConnectionSecurity.Encryption, known: KnownServers.Entry?, seen: Seen?) {
        let isKnownPlain = known?.identity == .plainText
        let encrypted = isKnownPlain ? nil : known
        self =
            switch (wanted, encrypted, seen) {
            case (.off, let known?, _): .refuse(line: known.line)
            case (.off, nil, _): .plain
            case (.require, _, _): .tlsOnly(.asked)
            case (.prefer, let known?, _): .tlsOnly(.known(line: known.line))
            case (.prefer, nil, .encrypted): .tlsOnly(.seen)
            case (.prefer, nil, .plain): .plainFirst
            case (.prefer, nil, nil): isKnownPlain ? .plainFirst : .tlsFirst
            }
    }

    /// Decides what to do after TLS failed.
    func next(after failure: TLSFailure) -> Next {
        switch (self, failure) {
        case (.tlsFirst, .notTLS), (.plainFirst, .silence), (.plainFirst, .closed), (.plainFirst, .notTLS): .fallBack
        case (.tlsFirst, .silence), (.tlsFirst, .closed): .doubt
        // A server with a broken handshake does speak TLS; an attacker may want us to fall back to plain text.
        case (_, .handshake): .tryAgain
        // A server that is overloaded or about to start does this, too.
        case (_, .silence), (_, .closed): .tryAgain
        case (_, .notTLS): .stop
        }
    }
}

/// Why TLS failed on a connection that was opened.
enum TLSFailure: Error, Hashable {
    /// No byte arrived in time.
    case silence
    /// The connection was closed before any byte arrived.
    case closed
    /// The bytes that arrived were not TLS.
    case notTLS
    /// The TLS handshake failed; with the library's words.
    case handshake(String)
}
