public import ChatProtocol
public import ChatServerCore

/// Where a server listens and how much it takes.
public struct ServerConfiguration: Hashable, Sendable {
    /// The address or name to listen on; nil for every IPv4 and IPv6 address.
    public var host: String?
    /// The TCP port; 0 lets the system choose one.
    public var port: Int
    /// Whether UPDATE with a password makes a guest a member.
    public var allowsRegistration: Bool
    /// The longest text of a CHAT in bytes.
    public var messageBytes = Limits.chatTextBytes
    /// How many wrong passwords are taken, from where and for whom; nil for any number.
    public var guesses: GuessThrottle.Bounds? = GuessThrottle.Bounds()
    /// How many passwords one address may set; nil for any number.
    public var newPasswords: PasswordBudget.Bounds? = PasswordBudget.Bounds()
    /// What makes the user of a client in this process an admin; nil for nobody.
    public var operatorSecret: OperatorSecret?
    /// Who may do without TLS, where the server has a certificate.
    public var plaintext = PlaintextPolicy.allow
    /// How much the server takes from and keeps for its connections.
    public var limits = ServerLimits()

    /// Listening sockets that were handed over; with any, host and port mean nothing.
    public var inheritedSockets: [Int32] = []
    /// Where the operator asks how the server is; nil for nowhere.
    public var admin: AdminAddress?

    /// Creates a configuration.
    public init(host: String? = nil, port: Int = Limits.defaultPort, allowsRegistration: Bool = true) {
        self.host = host
        self.port = port
        self.allowsRegistration = allowsRegistration
    }
}
