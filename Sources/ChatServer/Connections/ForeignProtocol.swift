/// Other protocols that arrive at a port open to the world.
enum ForeignProtocol: Hashable, Sendable {
    /// A web browser or a scanner for web servers.
    case http
    /// A TLS hello to a server without TLS.
    case tls
    /// Other bytes that can't start a request: a binary protocol.
    case binary

    /// The length of the longest HTTP verb with the space after it.
    static let verbBytes = 8

    /// Looks at the first bytes of a connection.
    ///
    /// - Parameter bytes: The first bytes; more than ``verbBytes`` of them make no difference.
    /// - Returns: The protocol, or nil if the peer may be a chat client. Chat clients are answered, however malformed
    ///   their requests are.
    init?(_ bytes: Span<UInt8>) {
        guard bytes.count > 0 else { return nil }
        switch bytes[0] {
        case 0x16: self = .tls
        case 0..<0x09, 0x0E..<0x20, 0x7F...0xFF: self = .binary
        default:
            guard Self.verbs.contains(where: { Self.starts(bytes, with: $0) }) else { return nil }
            self = .http
        }
    }

    private static let verbs = [
        "GET ", "HEAD ", "POST ", "PUT ", "PATCH ", "DELETE ", "OPTIONS ", "TRACE ", "CONNECT ", "PRI ",
    ]

    private static func starts(_ bytes: Span<UInt8>, with word: String) -> Bool {
        var index = 0
        for byte in word.utf8 {
            guard index < bytes.count, bytes[index] == byte else { return false }
            index += 1
        }
        return true
    }
}
