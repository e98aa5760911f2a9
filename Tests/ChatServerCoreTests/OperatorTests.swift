internal import ChatProtocol
internal import ChatTestSupport
internal import Testing

@testable import ChatServerCore

@Suite("The server's own user")
struct OperatorTests {
    private let secret: OperatorSecret
    private let other: OperatorSecret
    private var scene: Scene

    init() {
        var generator = SeededGenerator(seed: 1)
        secret = OperatorSecret(using: &generator)
        other = OperatorSecret(using: &generator)
        scene = Scene(configuration: RoomConfiguration(operatorSecret: secret))
    }

    private mutating func join(
        _ label: String,
        _ secret: OperatorSecret?,
        _ framing: Framing = .netstring,
        password: String = "",
        from address: NetworkAddress = .version4(0x7F00_0001)
    ) {
        scene.open(label, from: address)
        let request = ConnectRequest(
            nickname: label.count < 2 ? label + label : label,
            password: password,
            color: "#FFFFFF",
            framing: framing,
            operatorSecret: secret
        )
        scene.receive(label, .connect(request))
    }

    @Test("is an admin without an account, and listed as one while there", arguments: framings)
    mutating func admin(_ framing: Framing) {
        scene.join("bob", framing)
        join("host", secret, framing)
        scene.send("host", "USER,,")
        #expect(scene.read("host").last?.hasSuffix("admins admin root host") == true)
        #expect(scene.views["bob"]?.roster["host"]?.isAdmin == true)
        scene.send("host", "UPDATE,nickname=boss,")
        scene.send("host", "USER,,")
        #expect(scene.read("host").last?.hasSuffix("admins admin root boss") == true)
        scene.clear()
        scene.send("host", "KICK,user=bob,out")
        #expect(scene.isClosed("bob"))
        scene.join("eve", framing)
        scene.lose("host")
        scene.clear()
        scene.send("eve", "USER,,")
        #expect(scene.read("eve").last?.hasSuffix("admins admin root") == true)
        #expect(scene.accounts.account("host") == nil)
    }

    @Test("may ban, and can't be banned, not even by address and name from before")
    mutating func bans() {
        scene.join("root", password: "toor")
        scene.send("root", "KICK,user=host;ban=60,")
        join("host", secret)
        #expect(scene.read("host").first == "CONVER OK, framed")
        scene.clear()
        scene.send("root", "KICK,user=host;ban=60,")
        #expect(
            scene.read("root") == [
                "CONFIRM KICK Error: host is an admin, whom only the operator of the server can shut out."
            ]
        )
        scene.send("host", "KICK,user=eve;ban=60,")
        #expect(scene.read("host").last?.hasPrefix("CONFIRM KICK eve is banned") == true)
        scene.send("host", "BANS,,")
        #expect(scene.read("host").last?.hasPrefix("CONFIRM BANS 2 bans.") == true)
    }

    @Test("needs the secret of this run, from this machine")
    mutating func secrets() {
        join("a", other)
        join("b", nil)
        join("c", secret, from: .version4(0xC000_0201))
        join("d", secret, from: .version6(network: 0x2001_0DB8_0000_0001))
        for label in ["a", "b", "c", "d"] {
            #expect(scene.views[label]?.isAdmitted == true)
            #expect(scene.room.members[scene.connection(label)]?.isAdmin == false)
        }
        join("e", secret, from: .version6(network: 0))
        join("f", secret, from: .local)
        for label in ["e", "f"] { #expect(scene.room.members[scene.connection(label)]?.isAdmin == true) }
        var plain = Scene()
        plain.open("x")
        plain.receive(
            "x",
            .connect(ConnectRequest(nickname: "x1", password: "", color: "", operatorSecret: secret))
        )
        #expect(plain.room.members[plain.connection("x")]?.isAdmin == false)
    }

    @Test("needs a password like everybody where the nickname is registered")
    mutating func registered() {
        join("mia", secret)
        #expect(scene.read("mia") == ["CONVER Error: User is a registered user"])
        join("mia", secret, password: "pass")
        #expect(scene.room.members[scene.connection("mia")]?.isAdmin == true)
    }

    @Test("is told, too, that a password was for nothing where the nickname is not registered")
    mutating func ignoredPassword() {
        join("host", secret, password: "secret")
        let answer = scene.views["host"]?.responses.first?.body
        #expect(answer == .login(.accepted(.netstring, ignoresPassword: true)))
        join("mia", secret, password: "pass")
        #expect(scene.views["mia"]?.responses.first?.body == .login(.accepted(.netstring)))
    }

    @Test("can register, and stays an admin")
    mutating func registration() {
        join("host", secret)
        scene.send("host", "UPDATE,password=long enough,")
        #expect(scene.accounts.account("host")?.role == .member)
        #expect(scene.room.members[scene.connection("host")]?.isAdmin == true)
    }

    @Test("has a secret that is never shown, and that comes back as it was sent")
    func wire() throws {
        let request = Request.connect(
            ConnectRequest(nickname: "host", password: "", color: "#FFF", framing: .netstring, operatorSecret: secret)
        )
        var shown = ""
        dump(request, to: &shown)
        #expect(!shown.contains(secret.wire) && !"\(request)".contains(secret.wire))
        #expect(!String(reflecting: request).contains(secret.wire))
        var bytes: [UInt8] = []
        request.encode(into: &bytes, framing: .netstring)
        #expect(String(decoding: bytes, as: UTF8.self).contains(";operator=\(secret.wire),"))
        #expect(try Request(decoding: bytes.span) == request)
        #expect(OperatorSecret(wire: secret.wire) == secret)
        #expect(secret != other)
        for text in ["", "x", String(secret.wire.dropLast()), secret.wire + "0", secret.wire.uppercased()] {
            #expect(OperatorSecret(wire: text) == nil)
        }
    }

    @Test("leaves no trace of the secret in the log")
    mutating func log() {
        join("host", secret)
        join("9", secret)
        #expect(!scene.audits.contains { "\($0)".contains(secret.wire) })
        #expect(scene.audits.first { $0.action == .login }?.detail == "the server's own user")
    }
}
