internal import NIOCore

/// Who may connect without TLS to a server that has a certificate.
public enum PlaintextPolicy: Hashable, Sendable, CaseIterable {
    /// Everybody: programs of the original application know no TLS.
    case allow
    /// Programs on the same machine, since their data touches no network.
    case loopback
    /// Nobody.
    case refuse

    /// The answer to a peer that has to use TLS.
    static let refusal = "Error: This server takes encrypted connections only. Please connect with TLS."

    /// Whether a peer may connect without TLS.
    func allows(_ address: SocketAddress?) -> Bool {
        switch self {
        case .allow: true
        case .loopback: address?.isLoopback == true
        case .refuse: false
        }
    }
}
