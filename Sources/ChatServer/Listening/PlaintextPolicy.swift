internal import NIOCore

/// Who may talk to a server that has a certificate without using it.
public enum PlaintextPolicy: Hashable, Sendable, CaseIterable {
    /// Everybody: programs of the original application know no TLS.
    case allow
    /// Programs on the same machine: what they say touches no network.
    case loopback
    /// Nobody.
    case refuse

    /// What those hear who may not.
    static let refusal = "Error: This server takes encrypted connections only. Please connect with TLS."

    /// Whether a peer may do without TLS.
    func allows(_ address: SocketAddress?) -> Bool {
        switch self {
        case .allow: true
        case .loopback: address?.isLoopback == true
        case .refuse: false
        }
    }
}
