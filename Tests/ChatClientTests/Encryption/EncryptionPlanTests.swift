internal import ChatSecurity
internal import Testing

@testable internal import ChatClient

@Suite("What to speak to a server")
struct EncryptionPlanTests {
    private static let known = KnownServers.Entry(identity: .publicAuthority, line: 3)
    private static let plain = KnownServers.Entry(identity: .plainText, line: 3)

    @Test(
        "follows from what is wanted and what is known",
        arguments: [
            (.prefer, nil, nil, .tlsFirst),
            (.prefer, nil, .plain, .plainFirst),
            (.prefer, plain, nil, .plainFirst),
            (.prefer, plain, .plain, .plainFirst),
            (.prefer, plain, .encrypted, .tlsOnly(.seen)),
            (.require, plain, .plain, .tlsOnly(.asked)),
            (.off, plain, nil, .plain),
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

    @Test("plain text follows TLS only where it is proved, or known, to be all that there is")
    func fallsBack() {
        let afterTLS: [EncryptionPlan.Next] = [.doubt, .doubt, .fallBack, .tryAgain]
        let afterPlainText: [EncryptionPlan.Next] = [.fallBack, .fallBack, .fallBack, .tryAgain]
        #expect(Self.failures.map { EncryptionPlan.tlsFirst.next(after: $0) } == afterTLS)
        #expect(Self.failures.map { EncryptionPlan.plainFirst.next(after: $0) } == afterPlainText)
        for failure in Self.failures {
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
                let words = EncryptionFailure(
                    failure,
                    from: "a.example:1",
                    demand: demand,
                    requirement: "--tls require",
                    path: "/known"
                )
                let stops = EncryptionPlan.tlsOnly(demand).next(after: failure) == .stop
                #expect((words.advice != nil) == stops)
                #expect(words.reason.hasPrefix("a.example:1 "))
                guard stops else { continue }
                let whatToType =
                    switch demand {
                    case .known: "line 3 of /known and type /reconnect"
                    case .seen: "chat-tui connect a.example:1 --tls off"
                    case .asked: "leave out --tls require"
                    }
                #expect(words.advice?.contains(whatToType) == true)
            }
        }
    }

    @Test("a server that again and again says nothing in TLS gets advice, and is tried on", arguments: demands)
    func repeated(demand: EncryptionPlan.Demand) {
        for failure in [TLSFailure.silence, .closed] {
            let words = EncryptionFailure(
                failure,
                from: "a.example:1",
                demand: demand,
                path: "/known",
                isRepeated: true
            )
            #expect(words.mayPass && words.advice != nil)
        }
        let broken = EncryptionFailure(.handshake("x"), from: "a:1", demand: demand, path: nil, isRepeated: true)
        #expect(broken.advice == nil)
    }
}
