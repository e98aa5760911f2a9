internal import ChatProtocol
internal import Testing

@testable import ChatServerCore

/// One request and all that follows, in a room with ann, who asks, bob, and an
/// admin; ann and bob have the same framing.
struct RequestCase: CustomTestStringConvertible {
    let request: String
    let asker: Script
    var others: Script = []

    var testDescription: String { request }

    /// Every row of the request table.
    static let byGuest: [RequestCase] = [
        // CHAT
        RequestCase(
            request: "CHAT,rec=-ALL,hello, world; a=b/c",
            asker: ["CHATR {4 }ann -> all: hello, world; a=b/c"],
            others: ["CHATR {4 }ann -> all: hello, world; a=b/c"]
        ),
        RequestCase(
            request: "CHAT,rec=-ALL;nonce=n1,hello",
            asker: ["CHATR {4 }ann -> all: hello{ [n1]}"],
            others: ["CHATR {4 }ann -> all: hello"]
        ),
        RequestCase(
            request: "CHAT,rec=BOB;nonce=n1,psst",
            asker: ["CHATR {4 }ann -> bob: psst{ [n1]}"],
            others: ["CHATR {4 }ann -> bob: psst"]
        ),
        RequestCase(request: "CHAT,rec=ann;nonce=n1,note", asker: ["CHATR {4 }ann -> ann: note{ [n1]}"]),
        RequestCase(request: "CHAT,rec=nobody,psst", asker: ["ERR Error: nobody Unrecognized recipient."]),
        RequestCase(request: "CHAT,x=y,hi", asker: ["ERR Error: rec parameter required."]),
        RequestCase(
            request: "CHAT,rec=-ALL," + String(repeating: "a", count: Limits.chatTextBytes + 1),
            asker: ["ERR Error: The message is longer than 16384 bytes."]
        ),
        RequestCase(
            request: "CHAT,rec=\(String(repeating: "x", count: 500)),psst",
            asker: ["ERR Error: \(String(repeating: "x", count: 64))… Unrecognized recipient."]
        ),
        // UPDATE
        RequestCase(
            request: "UPDATE,nickname=foo/=bar;color=#ABCDEF,",
            asker: [
                "CONFIRM UPDATE OK",
                "INFO {4 }ann's name changed to foo=bar color changed to #ABCDEF{ [update from ann #ABCDEF]}",
                "unframed|USER admin foo=bar bob; admins admin root",
            ],
            others: [
                "INFO {4 }ann's name changed to foo=bar color changed to #ABCDEF{ [update from ann #ABCDEF]}",
                "unframed|USER admin foo=bar bob; admins admin root",
            ]
        ),
        RequestCase(
            request: "UPDATE,color=#abc,",
            asker: [
                "CONFIRM UPDATE OK",
                "INFO {4 }ann's color changed to #abc{ [update from ann #abc]}",
                "unframed|USER admin ann bob; admins admin root",
            ],
            others: [
                "INFO {4 }ann's color changed to #abc{ [update from ann #abc]}",
                "unframed|USER admin ann bob; admins admin root",
            ]
        ),
        RequestCase(
            request: "UPDATE,nickname=Ann,",
            asker: [
                "CONFIRM UPDATE OK",
                "INFO {4 }ann's name changed to Ann{ [update from ann #FFFFFF]}",
                "unframed|USER admin Ann bob; admins admin root",
            ],
            others: [
                "INFO {4 }ann's name changed to Ann{ [update from ann #FFFFFF]}",
                "unframed|USER admin Ann bob; admins admin root",
            ]
        ),
        RequestCase(request: "UPDATE,nickname=ann;color=#FFFFFF,", asker: ["CONFIRM UPDATE OK"]),
        RequestCase(
            request: "UPDATE,color=nope,",
            asker: ["CONFIRM UPDATE Error: Color not recognized as Hex color."]
        ),
        RequestCase(
            request: "UPDATE,nickname=bob,",
            asker: ["CONFIRM UPDATE Error: User is already logged in."]
        ),
        RequestCase(
            request: "UPDATE,nickname=MIA;color=nope;password=,",
            asker: [
                "CONFIRM UPDATE Error: User is a registered user. Color not recognized as Hex color. "
                    + "Password must have at least 8 characters."
            ]
        ),
        RequestCase(
            request: "UPDATE,nickname=9;color=#ABCDEF,",
            asker: ["CONFIRM UPDATE Error: Username must start with a letter."]
        ),
        RequestCase(
            request: "UPDATE,,",
            asker: ["CONFIRM UPDATE Error: One of nickname, password, and color is required."]
        ),
        // A password makes a guest a member: nothing that others see.
        RequestCase(request: "UPDATE,password=new and more,", asker: ["CONFIRM UPDATE OK"]),
        // DISCON
        RequestCase(
            request: "DISCON,,",
            asker: ["CONFIRM DISCON Disconnected Successfully.", "closed"],
            others: [
                "INFO {4 }ann has disconnected{ [leave]}",
                "unframed|USER admin bob; admins admin root",
            ]
        ),
        // REF
        RequestCase(
            request: "REF,,",
            asker: [
                "CONFIRM REF Resending messages...{ [no more]}",
                "INFO {1 }admin has joined the chat!{ [join #FFFFFF admin]}",
                "INFO {2 }ann has joined the chat!{ [join #FFFFFF]}",
                "INFO {3 }bob has joined the chat!{ [join #FFFFFF]}",
            ]
        ),
        // USER
        RequestCase(
            request: "USER,,",
            asker: ["USER admin{#FFFFFF} ann{#FFFFFF} bob{#FFFFFF}; admins admin root"]
        ),
        // KICK
        RequestCase(
            request: "KICK,user=bob,nope",
            asker: ["ERR Error: Must be an admin to perform that action."]
        ),
        // The rest
        RequestCase(
            request: "CON,nickname=zoe;password=;color=#FFFFFF,",
            asker: ["ERR Error: Already logged in."]
        ),
        RequestCase(request: "PING,,are you there?", asker: ["PONG are you there?"]),
        RequestCase(request: "PONG,,yes", asker: []),
        RequestCase(request: "BOGUS,a=b,hi", asker: ["ERR Error: Unknown reason: BOGUS."]),
        RequestCase(request: "CHAT,rec,hi", asker: ["ERR Error: The parameter at byte 5 has no equals sign."]),
    ]

    /// What an admin, who asks here, can do beyond that; ann is among the others.
    static let byAdmin: [RequestCase] = [
        RequestCase(
            request: "KICK,user=Bob,spamming, stop",
            asker: [
                "INFO {4 }bob has been kicked by admin{ [kick bob]}",
                "unframed|USER admin ann; admins admin root",
            ],
            others: ["WARN You have been kicked for reason: spamming, stop", "closed"]
        ),
        RequestCase(request: "KICK,user=nobody,x", asker: ["ERR Error: nobody is not in the chat."]),
        RequestCase(request: "KICK,,x", asker: ["ERR Error: user parameter required."]),
        RequestCase(request: "KICK,user=,x", asker: ["ERR Error: user parameter required."]),
        RequestCase(request: "KICK,user=admin,x", asker: ["ERR Error: You can't kick yourself."]),
        RequestCase(
            request: "KICK,user=bob,\(String(repeating: "x", count: RoomLimits.kickReasonBytes + 1))",
            asker: ["ERR Error: The reason is longer than 1024 bytes."]
        ),
    ]
}

@Suite("Requests")
struct RequestTests {
    @Test("a guest's request is answered, and others see what concerns them", arguments: RequestCase.byGuest, framings)
    func byGuest(_ row: RequestCase, _ framing: Framing) {
        var scene = room(framing)
        scene.send("ann", row.request)
        #expect(scene.read("ann") == row.asker.lines(for: framing))
        #expect(scene.read("bob") == row.others.lines(for: framing))
    }

    @Test("an admin's request is answered, and bob sees what concerns him", arguments: RequestCase.byAdmin, framings)
    func byAdmin(_ row: RequestCase, _ framing: Framing) {
        var scene = room(framing)
        scene.send("admin", row.request)
        #expect(scene.read("admin") == row.asker.lines(for: framing))
        #expect(scene.read("bob") == row.others.lines(for: framing))
    }

    @Test("framed and unframed clients see the same event, each in its way")
    func mixedFramings() {
        var scene = Scene()
        scene.join("ann")
        scene.join("olga", .none)
        #expect(
            scene.read("ann") == [
                "CONVER OK, framed",
                "INFO 1 ann has joined the chat! [join #FFFFFF]",
                "USER ann#FFFFFF; admins admin root",
                "INFO 2 olga has joined the chat! [join #FFFFFF]",
            ]
        )
        #expect(
            scene.read("olga") == [
                "CONVER OK",
                "INFO olga has joined the chat!",
                "USER ann olga; admins admin root",
            ]
        )
        scene.send("olga", "CHAT,rec=-ALL;nonce=n1,hi")
        #expect(scene.read("ann") == ["CHATR 3 olga -> all: hi"])
        #expect(scene.read("olga") == ["CHATR olga -> all: hi"])
    }

    @Test("a stranger gets in with a CON, gets a PONG, and gets nothing else", arguments: framings)
    func strangers(_ framing: Framing) {
        var scene = Scene()
        scene.join("bob")
        scene.clear()
        scene.open("zoe")
        let unknown = "CONVER Error: Unknown connection attempt. Expected: 'CON,nickname,password,color'"
        for request in ["CHAT,rec=-ALL,hi", "UPDATE,color=#FFF,", "DISCON,,", "REF,,", "USER,,", "KICK,user=bob,x"] {
            scene.send("zoe", request)
            #expect(scene.read("zoe") == [unknown], "\(request)")
        }
        scene.send("zoe", "PING,,x")
        scene.send("zoe", "PONG,,x")
        scene.send("zoe", "rubbish")
        #expect(scene.read("zoe") == ["PONG x", "CONVER Error: The message ends before its second comma"])
        #expect(scene.read("bob").isEmpty)
    }

    private func room(_ framing: Framing) -> Scene {
        var scene = Scene()
        scene.join("admin", password: "secret", framing)
        scene.join("ann", framing)
        scene.join("bob", framing)
        scene.clear()
        return scene
    }
}
