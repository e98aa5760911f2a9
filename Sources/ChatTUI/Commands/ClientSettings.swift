internal import ChatClient
internal import ChatInterface
internal import ChatProtocol
internal import ChatSecurity
internal import ChatSession

/// The user's identity and the server, collected from all sources.
///
/// A flag wins over the environment, the environment over the preferences, and the preferences over asking the user.
struct ClientSettings: Hashable, Sendable {
    /// The server; nil if no source names one.
    var server: ServerAddress?
    /// The nickname; nil to ask the user.
    var nickname: String?
    /// The color; never nil if the nickname is known.
    var color: ChatColor?
    /// The password; empty if there is none.
    var password: String
    /// How much encryption the user wants.
    var encryption: ConnectionSecurity.Encryption
    /// What the user wrote to choose that, for advice.
    var encryptionSource: String
    /// The fingerprint that the server's certificate must have, if one was given.
    var fingerprint: CertificateFingerprint?
    /// The values that were given for this run only and are not to be remembered.
    var forThisRun = IdentityForThisRun()

    /// Combines the sources.
    ///
    /// - Parameters:
    ///   - host: The server on the command line, if given.
    ///   - options: The flags.
    ///   - encryption: The flags about encryption.
    ///   - variable: Looks up an environment variable; nil if it is missing or empty.
    ///   - preferences: The contents of the preferences file.
    /// - Throws: ``CommandFailure`` for a value that is not valid.
    init(
        host: String?,
        options: ClientOptions,
        encryption: EncryptionOptions? = nil,
        variable: (String) -> String?,
        preferences: Preferences
    ) throws(CommandFailure) {
        let encryptionVariable = try Self.encryption(variable("CHAT_TUI_CONNECT_TLS"))
        if let tls = encryption?.tls {
            (self.encryption, encryptionSource) = (tls, "--tls \(tls.rawValue)")
        } else if let tls = encryptionVariable {
            (self.encryption, encryptionSource) = (tls, "CHAT_TUI_CONNECT_TLS=\(tls.rawValue)")
        } else {
            self.encryption = preferences.encryption ?? .prefer
            encryptionSource = "\"tls\": \"\(self.encryption.rawValue)\" of the preferences"
        }
        fingerprint = encryption?.fingerprint
        forThisRun.nickname = options.nickname ?? variable("CHAT_TUI_NICKNAME")
        forThisRun.color = try Self.color(options.color, variable("CHAT_TUI_COLOR"))
        nickname = forThisRun.nickname ?? preferences.nickname
        color = forThisRun.color ?? preferences.color ?? nickname.map { ChatColor.automatic(for: $0) }
        password = variable("CHAT_TUI_PASSWORD") ?? ""
        if let host {
            server = try Self.server(host, from: nil)
        } else if let host = variable("CHAT_TUI_SERVER") {
            server = try Self.server(host, from: "CHAT_TUI_SERVER")
        } else {
            server = preferences.server
        }
        if encryption?.tls == .off, server?.requiresEncryption == true {
            throw CommandFailure("chats:// asks for encryption, and --tls off for none", exitCode: .usage)
        }
    }

    /// The login; nil to ask the user.
    var credentials: Credentials? {
        guard let nickname, let color else { return nil }
        return Credentials(nickname: nickname, password: password, color: color)
    }

    private static func color(_ flag: String?, _ variable: String?) throws(CommandFailure) -> ChatColor? {
        guard let text = flag ?? variable else { return nil }
        guard let color = ChatColor.typed(text) else {
            let source = flag == nil ? "CHAT_TUI_COLOR" : "--color"
            throw CommandFailure(
                "\(source): “\(text)” is no color: write #RRGGBB, #RGB or a name such as red",
                exitCode: .usage
            )
        }
        return color
    }

    private static func encryption(
        _ variable: String?
    ) throws(CommandFailure) -> ConnectionSecurity.Encryption? {
        guard let variable else { return nil }
        guard let encryption = ConnectionSecurity.Encryption(rawValue: variable) else {
            throw CommandFailure("CHAT_TUI_CONNECT_TLS: “\(variable)” is not require, prefer or off", exitCode: .usage)
        }
        return encryption
    }

    private static func server(_ text: String, from source: String?) throws(CommandFailure) -> ServerAddress {
        do throws(ServerAddressError) {
            return try ServerAddress(text)
        } catch {
            throw CommandFailure((source.map { "\($0): " } ?? "") + error.description, exitCode: .usage)
        }
    }
}
