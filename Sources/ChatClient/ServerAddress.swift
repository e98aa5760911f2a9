internal import ChatProtocol
internal import Foundation

/// The address of a server, as a user writes it.
///
/// The forms are `HOST`, `HOST:PORT`, `[IPv6]:PORT` and a bare IPv6 address, which uses the default port. Each may
/// follow `chat://`, which changes nothing, or `chats://`, which allows only TLS.
public struct ServerAddress: Hashable, Sendable {
    /// The name or address, without brackets; a name in another script is in the form of the domain name system
    /// (`xn--…`).
    public let host: String

    /// The TCP port, 1 to 65,535.
    public let port: Int

    /// Whether it was written with `chats://`, so that only TLS is allowed.
    public let requiresEncryption: Bool

    /// Creates an address from its parts.
    ///
    /// - Parameters:
    ///   - host: A name, an IPv4 or an IPv6 address, without brackets.
    ///   - port: The port, 1 to 65,535; 6666 is the protocol's own.
    ///   - requiresEncryption: Whether only TLS is allowed.
    /// - Throws: ``ServerAddressError`` with the part that is not valid.
    public init(host: String, port: Int = 6666, requiresEncryption: Bool = false) throws(ServerAddressError) {
        guard !host.isEmpty else { throw .missingHost }
        guard let name = Self.ascii(host), Self.isPlausible(host: name) else { throw .invalidHost(host) }
        guard (1...65_535).contains(port) else { throw .invalidPort(String(port)) }
        if Self.isLinkLocal(name), !name.contains("%") { throw .missingZone(host) }
        self.host = name
        self.port = port
        self.requiresEncryption = requiresEncryption
    }

    /// Reads an address that a user wrote.
    ///
    /// - Parameter text: One of the forms above; spaces around it are ignored.
    /// - Throws: ``ServerAddressError``, in words for the user.
    public init(_ text: String) throws(ServerAddressError) {
        var rest = Self.trimmed(text[...])
        var isSecure = false
        if let separator = rest.firstRange(of: "://") {
            let scheme = rest[..<separator.lowerBound].lowercased()
            guard scheme == "chat" || scheme == "chats" else { throw .unknownScheme(scheme) }
            isSecure = scheme == "chats"
            rest = rest[separator.upperBound...]
            if rest.last == "/" { rest.removeLast() }
        }
        guard !rest.isEmpty else { throw .missingHost }
        if rest.first == "[" {
            guard let bracket = rest.firstIndex(of: "]") else { throw .invalidHost(String(rest)) }
            let host = rest[rest.index(after: rest.startIndex)..<bracket]
            guard host.contains(":") else { throw .invalidHost(String(rest)) }
            let tail = rest[rest.index(after: bracket)...]
            if tail.isEmpty {
                try self.init(host: String(host), port: Limits.defaultPort, requiresEncryption: isSecure)
            } else {
                guard tail.first == ":" else { throw .invalidHost(String(rest)) }
                try self.init(host: String(host), port: Self.port(tail.dropFirst()), requiresEncryption: isSecure)
            }
            return
        }
        let colons = rest.count { $0 == ":" }
        guard colons == 1, let colon = rest.firstIndex(of: ":") else {
            // No colon: a name. Several colons: an IPv6 address, whose last group can't be told from a port.
            try self.init(host: String(rest), port: Limits.defaultPort, requiresEncryption: isSecure)
            return
        }
        try self.init(
            host: String(rest[..<colon]),
            port: Self.port(rest[rest.index(after: colon)...]),
            requiresEncryption: isSecure
        )
    }

    private static func port(_ text: Substring) throws(ServerAddressError) -> Int {
        guard !text.isEmpty, text.utf8.count <= 5, text.utf8.allSatisfy({ 0x30...0x39 ~= $0 }),
            let port = Int(text)
        else { throw .invalidPort(String(text)) }
        return port
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }

    /// Converts a name in another script to the form of the domain name system; nil if it has no such form.
    private static func ascii(_ host: String) -> String? {
        guard !host.utf8.allSatisfy({ $0 < 0x80 }) else { return host }
        var components = URLComponents()
        components.host = host
        return components.encodedHost
    }

    /// Whether this is an IPv6 address that is valid only on one network (`fe80::/10`).
    private static func isLinkLocal(_ host: String) -> Bool {
        host.contains(":") && ["fe8", "fe9", "fea", "feb"].contains(host.prefix(3).lowercased())
    }

    /// Whether the host may be given to a resolver: names and addresses with a zone, but no characters that belong to
    /// other parts of a URL or to a shell.
    private static func isPlausible(host: String) -> Bool {
        let isAddress = host.contains(":")
        guard host.utf8.count <= 255, !host.hasPrefix("-") else { return false }
        return host.unicodeScalars.allSatisfy { scalar in
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", ".", "-", "_": true
            case ":", "%": isAddress
            default: false
            }
        }
    }
}

extension ServerAddress: CustomStringConvertible {
    /// The address with its port, in a form that can be read again.
    public var description: String {
        requiresEncryption ? "chats://\(authority)" : authority
    }

    /// Only host and port.
    public var authority: String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}

/// Why a text is not a valid server address.
public enum ServerAddressError: Error, Hashable, Sendable {
    /// The host is missing.
    case missingHost
    /// The part before the port is neither a name nor an address.
    case invalidHost(String)
    /// The address exists on several networks, and no zone says which one is meant.
    case missingZone(String)
    /// The part after the colon is not a port.
    case invalidPort(String)
    /// The part before `://` is neither `chat` nor `chats`.
    case unknownScheme(String)
}

extension ServerAddressError: CustomStringConvertible {
    /// One sentence for the user.
    public var description: String {
        switch self {
        case .missingHost:
            "The server's name is missing: write HOST or HOST:PORT."
        case .invalidHost(let host):
            "“\(host)” is no server name or address: write HOST, HOST:PORT or [IPv6]:PORT."
        case .missingZone(let host):
            "“\(host)” is an address of one network only: write through which interface, as in \(host)%eth0."
        case .invalidPort(let port):
            "“\(port)” is no port: write a number from 1 to 65535."
        case .unknownScheme(let scheme):
            "“\(scheme)://” is not understood: write chats://HOST:PORT, chat://HOST:PORT or just HOST:PORT."
        }
    }
}
