internal import ChatTestSupport
internal import Foundation
internal import Testing

extension EndToEnd {
    /// The server's TLS in every mode, with OpenSSL at the other end.
    @Suite("TLS")
    struct TLSTests {
        let home: ScratchFolder

        init() throws {
            home = try ScratchFolder()
        }

        private func login(_ nickname: String) -> String { "CON,nickname=\(nickname);password=;color=#00FF00," }

        @Test("1.2 and 1.3 are spoken beside plain text, on one port", arguments: ["-tls1_2", "-tls1_3"])
        func besidePlaintext(version: String) throws {
            let server = try RunningServer(home: home)
            #expect(server.process.standardOutput.contains("plain text is taken too"))
            let sealed = try OpenSSLPeer(port: server.port, [version], home: home)
            sealed.send(login("ann"))
            try sealed.receive(until: "USER,")
            let open = try RawPeer(port: server.port)
            try open.join("bob")
            open.send("CHAT,rec=-ALL,from bob")
            try sealed.receive(until: ",from bob")
            sealed.send("CHAT,rec=-ALL,from ann")
            try open.receive(until: ",from ann")
            sealed.send("DISCON,,")
            try sealed.receive(until: "reason=DISCON,")
            try sealed.waitForEnd()
        }

        @Test("1.1 is not")
        func oldVersion() throws {
            let server = try RunningServer(arguments: ["--ephemeral"], home: home)
            let peer = try OpenSSLPeer(port: server.port, ["-tls1_1", "-cipher", "ALL@SECLEVEL=0"], home: home)
            try peer.waitForEnd()
            #expect(peer.received.isEmpty)
        }

        @Test("the connect line names the certificate that OpenSSL sees, the same after a restart")
        func fingerprint() throws {
            let first = try RunningServer(home: home)
            let fingerprint = try #require(first.fingerprint)
            #expect(try OpenSSLPeer.fingerprint(port: first.port, home: home) == fingerprint)
            try first.endInOrder()
            let second = try RunningServer(home: home)
            #expect(second.fingerprint == fingerprint)
            #expect(try OpenSSLPeer.fingerprint(port: second.port, home: home) == fingerprint)
            let key = "\(home.path)/.local/share/chat-tui/key.pem"
            #expect(try FileManager.default.attributesOfItem(atPath: key)[.posixPermissions] as? Int == 0o600)
        }

        @Test("a server that keeps nothing writes no key")
        func ephemeral() throws {
            let server = try RunningServer(arguments: ["--ephemeral"], home: home)
            #expect(try OpenSSLPeer.fingerprint(port: server.port, home: home) == server.fingerprint)
            #expect(try FileManager.default.subpathsOfDirectory(atPath: home.path).isEmpty)
        }

        @Test("an operator's certificate that nobody signed is shown, and named in the line to join with")
        func ownCertificate() throws {
            let files = try OpenSSLPeer.makeCertificate(named: "chat", in: home)
            let server = try RunningServer(
                arguments: ["--ephemeral", "--tls-certificate", files.certificate, "--tls-key", files.key],
                home: home
            )
            #expect(try OpenSSLPeer.fingerprint(port: server.port, home: home) == server.fingerprint)
        }

        @Test("--plaintext refuse closes plain text, kindly, and takes TLS")
        func refuse() throws {
            let server = try RunningServer(arguments: ["--ephemeral", "--plaintext", "refuse"], home: home)
            #expect(server.process.standardOutput.contains("plain text is refused"))
            let open = try RawPeer(port: server.port)
            let answer = try open.logIn("bob")
            #expect(answer.hasPrefix("Error: ") && answer.contains("TLS"))
            try open.receiveRest()
            let sealed = try OpenSSLPeer(port: server.port, home: home)
            sealed.send(login("ann"))
            #expect(try !sealed.receive(until: "USER,").contains("bob"))
        }

        @Test("--plaintext loopback takes plain text from this machine, and TLS")
        func loopback() throws {
            let server = try RunningServer(arguments: ["--ephemeral", "--plaintext", "loopback"], home: home)
            #expect(server.process.standardOutput.contains("this machine only"))
            let open = try RawPeer(port: server.port)
            try open.join("bob")
            let sealed = try OpenSSLPeer(port: server.port, home: home)
            sealed.send(login("ann"))
            try sealed.receive(until: "USER,")
        }

        @Test("--tls off takes plain text only, and says so")
        func off() throws {
            let server = try RunningServer(arguments: ["--ephemeral", "--tls", "off"], home: home)
            #expect(server.fingerprint == nil)
            #expect(server.process.standardOutput.contains("Not encrypted"))
            let sealed = try OpenSSLPeer(port: server.port, home: home)
            try sealed.waitForEnd()
            let open = try RawPeer(port: server.port)
            try open.join("bob")
        }

        @Test("a browser and rubbish are closed, a browser that speaks TLS too")
        func foreign() throws {
            let server = try RunningServer(arguments: ["--ephemeral"], home: home)
            for bytes in ["GET / HTTP/1.1\r\n\r\n", "\u{1}\u{2}\u{3}", "\u{16}\u{3}\u{1}\u{0}\u{5}hello"] {
                let peer = try RawPeer(port: server.port)
                peer.send(bytes)
                #expect(try !peer.receiveRest().contains("HTTP"))
            }
            let sealed = try OpenSSLPeer(port: server.port, home: home)
            sealed.send("GET / HTTP/1.1\r\n\r\n")
            try sealed.waitForEnd()
            #expect(sealed.received.isEmpty)
            // Nothing of it is worth an operator's attention.
            let lines = server.process.standardError.split(separator: "\n")
            #expect(lines.allSatisfy { $0.contains(" notice listening ") }, "\(lines)")
        }

        @Test("SIGHUP takes a new certificate in, and nothing where it or the settings are bad; who is there stays")
        func reload() throws {
            let (one, two) = (
                try OpenSSLPeer.makeCertificate(named: "one", in: home),
                try OpenSSLPeer.makeCertificate(named: "two", in: home)
            )
            let (certificate, key) = ("\(home.path)/live.pem", "\(home.path)/live.key")
            func install(_ files: (certificate: String, key: String)) throws {
                for (from, to) in [(files.certificate, certificate), (files.key, key)] {
                    try Data(contentsOf: URL(fileURLWithPath: from)).write(to: URL(fileURLWithPath: to))
                }
            }
            try install(one)
            let settings = try home.write("{}", to: "serve.json")
            let server = try RunningServer(
                arguments: ["--ephemeral", "--tls-certificate", certificate, "--tls-key", key, "--config", settings],
                home: home
            )
            func linesOfReloads() -> [Substring] {
                server.process.standardError.split(separator: "\n").filter {
                    $0.contains(" settings read again ") || $0.contains(" everything stays as it was ")
                }
            }
            let ann = try OpenSSLPeer(port: server.port, home: home)
            ann.send(login("ann"))
            try ann.receive(until: "USER,")
            let first = try OpenSSLPeer.fingerprint(port: server.port, home: home)

            try install(two)
            server.process.signal(SIGHUP)
            try eventually("the new certificate is not logged") {
                linesOfReloads().count == 1 ? () : nil
            }
            #expect(linesOfReloads()[0].contains(" settings read again changed=\"\" fingerprint=sha256:"))
            let second = try OpenSSLPeer.fingerprint(port: server.port, home: home)
            #expect(second != first)

            // The key of the one and the certificate of the other, and settings that could be taken.
            try install((certificate: one.certificate, key: two.key))
            _ = try home.write("{ \"login-seconds\": 99 }", to: "serve.json")
            server.process.signal(SIGHUP)
            try eventually("the bad certificate is not logged") { linesOfReloads().count == 2 ? () : nil }
            #expect(linesOfReloads()[1].contains("error everything stays as it was reason="))
            #expect(linesOfReloads()[1].contains("\(key): does not belong to the certificate"))
            #expect(try OpenSSLPeer.fingerprint(port: server.port, home: home) == second)

            // A certificate that could be taken, and settings that are broken.
            try install(one)
            _ = try home.write("{ \"login-seconds\": 1 }", to: "serve.json")
            server.process.signal(SIGHUP)
            try eventually("the broken settings are not logged") { linesOfReloads().count == 3 ? () : nil }
            #expect(linesOfReloads()[2].contains("error everything stays as it was reason="))
            #expect(linesOfReloads()[2].contains("serve.json:1:20: "))
            #expect(try OpenSSLPeer.fingerprint(port: server.port, home: home) == second)

            // Both are put right; what was refused is news only now.
            _ = try home.write("{ \"login-seconds\": 99 }", to: "serve.json")
            server.process.signal(SIGHUP)
            try eventually("both are not taken") { linesOfReloads().count == 4 ? () : nil }
            #expect(linesOfReloads()[3].contains(" settings read again changed=login-seconds fingerprint=sha256:"))
            #expect(try OpenSSLPeer.fingerprint(port: server.port, home: home) == first)

            ann.send("CHAT,rec=-ALL,all the while")
            try ann.receive(until: ",all the while")
            server.process.signal(SIGTERM)
            try ann.receive(until: "WARN,")
            #expect(try server.process.end() == 0)
        }

        @Test("a server whose terminal is closed ends, as ever")
        func terminalGone() throws {
            var terminal: Tmux? = try Tmux(["serve", "--port", "0", "--ephemeral"], home: home)
            try terminal?.waitFor("chat-tui connect ")
            let pid = try #require(try terminal?.programPID())
            terminal = nil
            try eventually("the server does not end with its terminal") { kill(pid, 0) == 0 ? nil : () }
        }
    }
}
