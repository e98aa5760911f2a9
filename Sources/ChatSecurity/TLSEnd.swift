internal import NIOSSL

/// The proper end of an encrypted connection.
public enum TLSEnd {
    /// Whether an error says that a connection ended without it.
    public static func isMissing(_ error: any Error) -> Bool {
        if case NIOSSLError.uncleanShutdown = error { true } else { false }
    }
}
