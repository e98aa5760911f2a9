internal import ChatSecurity
internal import Testing

@testable internal import ChatClient

@Suite("What to speak to a server")
struct EncryptionPlanTests {
    private static let known = KnownServers.Entry(identity: .publicAuthority, line: 3)

    @Test(
        "follows from what is wanted and what is known",
        arguments: [
            (.prefer, nil, nil, .tlsFirst),
            (.prefer, nil, .plain, .plain),
            (.prefer, nil, .encrypted, .tlsOnly(.seen)),
            (.prefer, known, nil, .tlsOnly(.known(line: 3))),
            (.prefer, known, .plain, .tlsOnly(.known(line: 3))),
            (.prefer, known, .encrypted, .tlsOnly(.known(line: 3))),
            (.require, nil, nil, .tlsOnly(.asked)),
            (.require, nil, .plain, .tlsOnly(.asked)),
            (.require, known, nil, .tlsOnly(.asked)),
            (.off, nil, nil, .plain),
            (.off, nil, .plain, .plain),
            (.off, known, nil, .refuse(line: 3)),
            (.off, known, .plain, .refuse(line: 3)),
        ] as [(ConnectionSecurity.Encryption, KnownServers.Entry?, EncryptionPlan.Seen?, EncryptionPlan)]
    )
    func plans(
        wanted: ConnectionSecurity.Encryption,
        known: KnownServers.Entry?,
        seen: EncryptionPlan.Seen?,
        plan: EncryptionPlan
    ) {
        #expect(EncryptionPlan(wanted: wanted, known: known, seen: seen) == plan)
    }

    private static let demands: [EncryptionPlan.Demand] = [.asked, .known(line: 3), .seen]
    private static let failures: [TLSFailure] = [.silence, .closed, .notTLS, .handshake("x")]

    @Test("plain text follows TLS only with a stranger who gives no sign of speaking it")
    func fallsBack() {
        for failure in Self.failures {
            let speaksTLS = failure == .handshake("x")
            #expect(EncryptionPlan.tlsFirst.next(after: failure) == (speaksTLS ? .tryAgain : .fallBack))
            for demand in Self.demands {
                #expect(
                    EncryptionPlan.tlsOnly(demand).next(after: failure) == (failure == .notTLS ? .stop : .tryAgain)
                )
            }
        }
    }

    @Test("a failure that ends in a stop has advice, and one that is tried again has none")
    func advice() {
        for failure in Self.failures {
            for demand in Self.demands {
                let words = EncryptionFailure(failure, from: "a.example:1", demand: demand, path: "/known")
                let stops = EncryptionPlan.tlsOnly(demand).next(after: failure) == .stop
                #expect((words.advice != nil) == stops)
                #expect(words.reason.hasPrefix("a.example:1 "))
                if stops, case .known = demand { #expect(words.advice?.contains("line 3 of /known") == true) }
            }
        }
    }
}
