internal import ArgumentParser
internal import ChatSecurity
internal import ChatServer
internal import ChatTestSupport
internal import Testing

@testable import ChatTUI

@Suite("How a server encrypts")
struct TLSOptionsTests {
    private let address = HostAndPort(host: "192.168.1.20", port: 6666)

    private func options(_ arguments: [String]) throws -> TLSOptions {
        try #require(try ChatTUI.parseAsRoot(["serve"] + arguments) as? ServeCommand).tls
    }

    @Test("by default with a certificate of its own, and plain text is taken too")
    func defaults() throws {
        let folder = try ScratchFolder()
        let options = try options([])
        #expect(options.plaintext.policy == .allow)
        let encryption = try options.open(keptIn: folder.path)
        let fingerprint = try #require(encryption.certificate?.fingerprint)
        #expect(
            encryption.invitation(to: address) == "chat-tui connect 192.168.1.20:6666 --fingerprint \(fingerprint)"
        )
        #expect(
            encryption.invitation(to: HostAndPort(host: "fd00::2", port: 6666))
                == "chat-tui connect '[fd00::2]:6666' --fingerprint \(fingerprint)"
        )
        #expect(encryption.notice.hasPrefix("Encrypted; plain text is taken too"))
        // It is the same the next time.
        #expect(try options.open(keptIn: folder.path).certificate?.fingerprint == fingerprint)
    }

    @Test("without a directory with one that is new every time")
    func inMemory() throws {
        let options = try options(["--plaintext", "refuse"])
        let first = try options.open(keptIn: nil)
        #expect(first.certificate != nil)
        #expect(try first.invitation(to: address) != options.open(keptIn: nil).invitation(to: address))
        #expect(first.notice == "Encrypted with a certificate for this run only; plain text is refused.")
    }

    @Test("with a certificate of the operator's that nobody vouches for, whose fingerprint is told")
    func selfSigned() throws {
        let folder = try ScratchFolder()
        let files = try SelfSignedCertificate.loadOrCreate(in: folder.path)
        let options = try options(["--tls-certificate", files.certificate, "--tls-key", files.key])
        let encryption = try options.open(keptIn: nil)
        let fingerprint = try #require(encryption.certificate?.fingerprint)
        #expect(encryption.invitation(to: address).hasSuffix(" --fingerprint \(fingerprint)"))
        #expect(encryption.notice.hasPrefix("Encrypted; "))
    }

    @Test("with a certificate of an authority's, by which nobody is to remember the server")
    func authority() throws {
        let folder = try ScratchFolder()
        let pair = try TestAuthority().issue(for: "chat.example")
        let certificate = try folder.write(pair.certificate, to: "own.pem")
        let key = try folder.write(pair.key, to: "own-key.pem")
        let options = try options(["--tls-certificate", certificate, "--tls-key", key, "--plaintext", "loopback"])
        let encryption = try options.open(keptIn: nil)
        let fingerprint = try #require(encryption.certificate?.fingerprint)
        #expect(encryption.invitation(to: address) == "chat-tui connect 192.168.1.20:6666")
        #expect(encryption.notice.contains("\(fingerprint)"))
        #expect(!encryption.notice.contains("this run only"))
        #expect(encryption.notice.contains("this machine only"))
    }

    @Test("not at all, and then it says so")
    func off() throws {
        let encryption = try options(["--tls", "off"]).open(keptIn: nil)
        #expect(encryption.certificate == nil)
        #expect(encryption.invitation(to: address) == "chat-tui connect 192.168.1.20:6666")
        #expect(encryption.notice.hasPrefix("Not encrypted"))
    }

    @Test("files that can't be used are named")
    func missingFile() throws {
        let options = try options(["--tls-certificate", "/nonexistent/c.pem", "--tls-key", "/nonexistent/k.pem"])
        let failure = #expect(throws: CommandFailure.self) { try options.open(keptIn: nil) }
        #expect(failure?.description.hasPrefix("/nonexistent/c.pem: ") == true)
        let folder = try ScratchFolder()
        _ = try SelfSignedCertificate.loadOrCreate(in: folder.path)
        try folder.write("rubbish", to: "key.pem")
        let broken = #expect(throws: CommandFailure.self) { try self.options([]).open(keptIn: folder.path) }
        #expect(broken?.description.hasPrefix("\(folder.path)/key.pem: ") == true)
    }

    @Test(
        "what there is not is wrong usage",
        arguments: [(["--tls", "on"], "on"), (["--plaintext", "never"], "never")]
    )
    func wrongUsage(arguments: [String], named: String) {
        for command in ["serve", "host"] {
            #expect {
                _ = try ChatTUI.parseAsRoot([command] + arguments)
            } throws: { error in
                ChatTUI.exitCode(for: error) == .validationFailure && ChatTUI.fullMessage(for: error).contains(named)
            }
        }
    }

    @Test(
        "what does not go together is named",
        arguments: [
            (["--tls-certificate", "c.pem"], "--tls-certificate needs --tls-key, too"),
            (["--tls-key", "k.pem"], "--tls-key needs --tls-certificate, too"),
            (
                ["--tls", "off", "--tls-certificate", "c.pem", "--tls-key", "k.pem"],
                "--tls off and --tls-certificate exclude each other"
            ),
            (
                ["--tls", "off", "--plaintext", "refuse"],
                "with --tls off there is only plain text: --plaintext must be allow"
            ),
            (
                ["--tls", "off", "--plaintext", "loopback"],
                "with --tls off there is only plain text: --plaintext must be allow"
            ),
        ]
    )
    func contradictions(arguments: [String], message: String) {
        let serve = #expect(throws: SettingsError.self) {
            try ServerInvocation<ServeCommand>(own: arguments, environment: [:]).parse()
        }
        #expect(serve == SettingsError(message, isFile: false))
        let host = #expect(throws: SettingsError.self) {
            try ServerInvocation<HostCommand>(own: arguments, environment: [:]).parse()
        }
        #expect(host == serve)
    }
}
