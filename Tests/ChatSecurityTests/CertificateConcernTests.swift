internal import ChatTestSupport
internal import Foundation
internal import Testing

@testable internal import ChatSecurity

@Suite("What is wrong with a certificate that can be used")
struct CertificateConcernTests {
    private let folder: ScratchFolder
    private let authority: TestAuthority

    init() throws {
        folder = try ScratchFolder()
        authority = try TestAuthority()
    }

    private var certificatePath: String { "\(folder.path)/certificate.pem" }
    private var keyPath: String { "\(folder.path)/key.pem" }

    /// Writes a certificate, what stands behind it in the file, and its key.
    private func install(_ pair: TestAuthority.Pair, issuers: String = "", mode: Int = 0o600) throws {
        try folder.write(pair.certificate + "\n" + issuers, to: "certificate.pem")
        try folder.write(pair.key, to: "key.pem")
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: keyPath)
    }

    private func source() throws -> CertificateSource {
        try CertificateSource(certificatePath: certificatePath, keyPath: keyPath)
    }

    @Test("nothing, if it is self-signed, made in memory, or has its issuer behind it")
    func none() throws {
        #expect(try CertificateSource().concerns.isEmpty)
        let files = try SelfSignedCertificate.loadOrCreate(in: folder.path)
        #expect(try CertificateSource(certificatePath: files.certificate, keyPath: files.key).concerns.isEmpty)
        try install(authority.issue(for: "localhost"), issuers: authority.rootCertificate)
        #expect(try source().concerns.isEmpty)
    }

    @Test("no issuer, or only one that signed something else")
    func missingIssuer() throws {
        for issuers in ["", try TestAuthority("Another one").rootCertificate] {
            try install(authority.issue(for: "localhost"), issuers: issuers)
            #expect(try source().concerns == [.missingIssuer(path: certificatePath)])
        }
    }

    @Test("an issuer of a kind that can't be read here is taken for the right one")
    func unreadableIssuer() throws {
        let pem = try authority.rootCertificate.split(separator: "\n").dropFirst().dropLast().joined()
        var bytes = try [UInt8](#require(Data(base64Encoded: pem)))
        // The kind of its key becomes one that there is not; the library for TLS does not look at it.
        let ellipticKey: [UInt8] = [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01]
        let place = try #require(bytes.indices.first { bytes[$0...].starts(with: ellipticKey) })
        bytes[place + ellipticKey.count - 1] = 0x7F
        let text = Data(bytes).base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed])
        try install(
            authority.issue(for: "localhost"),
            issuers: "-----BEGIN CERTIFICATE-----\n\(text)\n-----END CERTIFICATE-----\n"
        )
        #expect(try source().concerns.isEmpty)
    }

    @Test("the time of one between it and the authority is over, while its own is not")
    func expiredIntermediate() throws {
        let old = try authority.issue(for: "between", valid: -3 ... -2).certificate
        try install(authority.issue(for: "localhost"), issuers: old + "\n" + authority.rootCertificate)
        guard case .expired(certificatePath, _)? = try source().concerns.first else {
            Issue.record("The chain is said to be fine.")
            return
        }
    }

    @Test("its time is over, or has not come; also of one that is read again")
    func validity() throws {
        try install(authority.issue(for: "localhost"), issuers: authority.rootCertificate)
        let source = try source()
        #expect(source.concerns.isEmpty)
        for (days, isOver) in [(-3 ... -2, true), (2...3, false)] as [(ClosedRange<Double>, Bool)] {
            try install(authority.issue(for: "localhost", valid: days), issuers: authority.rootCertificate)
            try source.reload()
            let concern = try #require(source.concerns.first)
            #expect(source.concerns.count == 1)
            switch concern {
            case .expired(certificatePath, _): #expect(isOver)
            case .notYetValid(certificatePath, _): #expect(!isOver)
            default: Issue.record("\(concern)")
            }
        }
    }

    @Test("the first and the last second of its time count")
    func bounds() throws {
        let files = try SelfSignedCertificate.loadOrCreate(in: folder.path)
        let source = try CertificateSource(certificatePath: files.certificate, keyPath: files.key)
        guard case .notYetValid(_, let start)? = source.concerns(at: 0).first,
            case .expired(_, let end)? = source.concerns(at: .max).first
        else { throw Overdue("no time is named") }
        #expect(end - start == Int64(SelfSignedCertificate.lifetimeDays + 1) * 86_400)
        #expect([start - 1, start, end, end + 1].map { source.concerns(at: $0).count } == [1, 0, 0, 1])
    }

    @Test("everyone may read the key; also of one that is read again")
    func readableKey() throws {
        try install(authority.issue(for: "localhost"), issuers: authority.rootCertificate)
        let source = try source()
        #expect(source.concerns.isEmpty)
        try install(authority.issue(for: "localhost"), issuers: authority.rootCertificate, mode: 0o604)
        try source.reload()
        #expect(source.concerns == [.readableKey(path: keyPath, mode: geteuid() == 0 ? "o=" : "go=")])
    }

    @Test(
        "a group may read a key only if the server needs it to",
        arguments: [
            (0o600, 1000, nil), (0o640, 1000, "go="), (0o604, 1000, "go="), (0o644, 1000, "go="),
            (0o640, 0, nil), (0o644, 0, "o="), (0o440, 7, nil), (0o444, 7, "o="), (0o722, 1000, nil),
        ] as [(UInt32, UInt32, String?)]
    )
    func groups(permissions: UInt32, owner: UInt32, mode: String?) {
        #expect(CertificateSource.saferMode(permissions: permissions, owner: owner, user: 1000) == mode)
    }

    @Test(
        "is said with the remedy",
        arguments: [
            (
                .missingIssuer(path: "/c.pem"),
                "/c.pem has no certificate of the issuer behind the first one: clients can't tell who vouches for it; "
                    + "use the file with the whole chain"
            ),
            (
                .expired(path: "/c.pem", 1_767_225_599),
                "the certificate in /c.pem has expired (2025-12-31T23:59:59Z): clients refuse it unless they know its "
                    + "fingerprint"
            ),
            (
                .notYetValid(path: "/c.pem", 1_767_225_600),
                "the certificate in /c.pem is not valid yet (from 2026-01-01T00:00:00Z on): clients refuse it unless "
                    + "they know its fingerprint"
            ),
            (
                .readableKey(path: "/k.pem", mode: "go="),
                "other users of this machine may read the key in /k.pem; to mend it: chmod go= '/k.pem'"
            ),
        ] as [(CertificateConcern, String)]
    )
    func words(concern: CertificateConcern, line: String) {
        #expect("\(concern)" == line)
    }
}

@Suite("A certificate's file that can't be used")
struct CertificateFileErrorTests {
    private let folder: ScratchFolder

    init() throws { folder = try ScratchFolder() }

    @Test("is named with the system's reason", arguments: ["certificate.pem", "key.pem"])
    func unreadable(name: String) throws {
        let pair = try TestAuthority().issue(for: "localhost")
        let good = ["certificate.pem": pair.certificate, "key.pem": pair.key]
        let cases: [(place: String, reason: String)] = [
            ("missing.pem", "there is no such file"),
            ("folder", "Is a directory"),
            ("plain.txt/key.pem", "Not a directory"),
            ("circle", "Too many levels of symbolic links"),
        ]
        try FileManager.default.createDirectory(atPath: "\(folder.path)/folder", withIntermediateDirectories: false)
        try folder.write("", to: "plain.txt")
        try folder.link("circle", to: "circle")
        for (place, reason) in cases {
            var paths = try good.mapValues { try folder.write($0, to: "good-\($0.count).pem") }
            paths[name] = "\(folder.path)/\(place)"
            let error = #expect(throws: SecurityFileError.self) {
                try CertificateSource(certificatePath: paths["certificate.pem"] ?? "", keyPath: paths["key.pem"] ?? "")
            }
            #expect(error == SecurityFileError(path: "\(folder.path)/\(place)", reason: reason))
        }
    }

    @Test("may be one of which the server has no right to read it", .enabled(if: geteuid() != 0))
    func forbidden() throws {
        let files = try SelfSignedCertificate.loadOrCreate(in: folder.path)
        try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: files.key)
        let error = #expect(throws: SecurityFileError.self) {
            try CertificateSource(certificatePath: files.certificate, keyPath: files.key)
        }
        #expect(error == SecurityFileError(path: files.key, reason: "Permission denied"))
    }
}
