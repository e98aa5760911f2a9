internal import ChatTestSupport
internal import Foundation
internal import Testing

extension EndToEnd {
    @Suite("What an operator should fix about a certificate")
    struct CertificateConcernTests {
        let home: ScratchFolder
        let authority: TestAuthority

        init() throws {
            home = try ScratchFolder()
            authority = try TestAuthority()
        }

        private var files: [String] {
            ["--tls-certificate", "\(home.path)/leaf.pem", "--tls-key", "\(home.path)/leaf.key"]
        }

        private func install(valid days: ClosedRange<Double>, isComplete: Bool = true, mode: Int = 0o600) throws {
            let pair = try authority.issue(for: "localhost", valid: days)
            let issuer = isComplete ? try authority.rootCertificate : ""
            _ = try home.write("\(pair.certificate)\n\(issuer)", to: "leaf.pem")
            let key = try home.write(pair.key, to: "leaf.key")
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: key)
        }

        @Test("is said by --check, which then ends well, or with 1 if a file can't be read")
        func check() throws {
            func check() throws -> (status: Int32, out: String, errors: [Substring]) {
                let process = try Executable.start(["serve", "--check", "--host", "127.0.0.1"] + files, home: home)
                return (try process.end(), process.standardOutput, process.standardError.split(separator: "\n"))
            }
            #expect(try check() == (1, "", ["Error: \(home.path)/leaf.pem: there is no such file"]))
            try install(valid: -1...1)
            #expect(try check() == (0, "The settings are fine.\n", []))
            try install(valid: -3 ... -2, isComplete: false, mode: 0o644)
            let (status, out, errors) = try check()
            #expect(status == 0 && out == "The settings can be used.\n")
            try #require(errors.count == 3)
            #expect(errors.allSatisfy { $0.hasPrefix("Warning: ") && $0.hasSuffix(".") })
            #expect(errors[0].contains("leaf.pem has no certificate of the issuer"))
            #expect(errors[1].contains("leaf.pem has expired ("))
            #expect(errors[2].contains("may read the key in \(home.path)/leaf.key; to mend it: chmod "))
            try install(valid: 2...3)
            #expect(try check().errors.first?.contains("leaf.pem is not valid yet (from ") == true)
        }

        @Test("is in the log at the start and at SIGHUP, and the server runs")
        func log() throws {
            try install(valid: -1...1, isComplete: false)
            let server = try RunningServer(arguments: ["--ephemeral"] + files, home: home)
            try server.waitForLog(" warning \(home.path)/leaf.pem has no certificate of the issuer")
            #expect(!server.process.standardError.contains("has expired"))
            try install(valid: -3 ... -2)
            server.process.signal(SIGHUP)
            try server.waitForLog(" warning the certificate in \(home.path)/leaf.pem has expired (")
            #expect(server.process.standardError.components(separatedBy: "no certificate of the issuer").count == 2)
            try FileManager.default.removeItem(atPath: "\(home.path)/leaf.key")
            server.process.signal(SIGHUP)
            try server.waitForLog("everything stays as it was reason=\"\(home.path)/leaf.key: there is no such file\"")
            try server.endInOrder()
        }
    }
}
