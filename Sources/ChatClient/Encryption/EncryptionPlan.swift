internal import ChatSecurity

/// What to speak to a server, and what to do when it does not go well.
enum EncryptionPlan: Hashable {
    /// Plain text: the user wants no TLS.
    case plain
    /// Plain text before TLS: the server had no TLS the last time.
    case plainFirst
    /// TLS before plain text, which has to be proved to be all that there is.
    case tlsFirst
    /// TLS or nothing.
    case tlsOnly(Demand)
    /// Nothing: plain text is asked for, and the server is known to be
    /// encrypted by this line of the file.
    case refuse(line: Int)

    /// Why plain text will not do.
    enum Demand: Hashable {
        /// The user says so, by a flag, a fingerprint or the address.
        case asked
        /// The server is known to be encrypted, by this line of the file.
        case known(line: Int)
        /// It was encrypted earlier in this run.
        case seen
    }

    /// What the server was the last time in this run.
    enum Seen: Hashable {
        case encrypted
        /// Without TLS, or the user allowed plain text.
        case plain
    }

    /// What to do next.
    enum Next: Hashable {
        /// Speak plain text, on a new connection.
        case fallBack
        /// Say that nothing shows whether the server speaks TLS: try again, then ask.
        case doubt
        /// Say why, and try the same again later.
        case tryAgain
        /// Say why, and leave it.
        case stop
    }

    /// Decides what to speak.
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

    /// Decides what to do after TLS was spoken in vain.
    func next(after failure: TLSFailure) -> Next {
        switch (self, failure) {
        case (.tlsFirst, .notTLS), (.plainFirst, .silence), (.plainFirst, .closed), (.plainFirst, .notTLS): .fallBack
        case (.tlsFirst, .silence), (.tlsFirst, .closed): .doubt
        // Who speaks TLS badly speaks TLS: somebody may want us to fall back.
        case (_, .handshake): .tryAgain
        // A server that is overloaded, or about to start, does this too.
        case (_, .silence), (_, .closed): .tryAgain
        case (_, .notTLS): .stop
        }
    }
}

/// Why no TLS connection came about, once the server was reached.
enum TLSFailure: Error, Hashable {
    /// Not a byte came in time.
    case silence
    /// The connection was closed before a byte came.
    case closed
    /// What came was not TLS.
    case notTLS
    /// It was TLS, and went wrong; with the library's words.
    case handshake(String)
}
