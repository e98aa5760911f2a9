public import ChatProtocol
public import ChatServerCore

/// The addresses that a server listens on, its bounds, and who may do what.
public struct ServerConfiguration: Hashable, Sendable {
    /// The address or name to listen on; nil for every IPv4 and IPv6 address.
    public var host: String?
    /// The TCP port; 0 lets the system choose one.
    public var port: Int
    /// Whether UPDATE with a password makes a guest a member.
    public var allowsRegistration: Bool
    /// The longest text of a CHAT in bytes.
    public var messageBytes = Limits.chatTextBytes
    /// The bounds on wrong passwords, by address and account; nil for no bound.
    public var guesses: GuessThrottle.Bounds? = GuessThrottle.Bounds()
    /// The bounds on how many passwords one address may set; nil for no bound.
    public var newPasswords: PasswordBudget.Bounds? = PasswordBudget.Bounds()
    /// The secret that makes the user of a client in this process an admin; nil for nobody.
    public var operatorSecret: OperatorSecret?
    /// Who may connect without TLS, if the server has a certificate.
    public var plaintext = PlaintextPolicy.allow
    /// The bounds on what the server accepts from its connections and keeps for them.
    public var limits = ServerLimits()

    /// Listening sockets that were handed over; if there are any, host and port are ignored.
    public var inheritedSockets: [Int32] = []
    /// The address of the operator's endpoint; nil for none.
    public var admin: AdminAddress?

    /// Creates a configuration.
    public init(host: String? = nil, port: Int = Limits.defaultPort, allowsRegistration: Bool = true) {
        self.host = host
        self.port = port
        self.allowsRegistration = allowsRegistration
    }
}
