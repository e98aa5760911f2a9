internal import ChatProtocol
internal import ChatSession
internal import Testing

@Suite("Somebody whose password the server ignored")
struct GuestTests {
    private static let remark =
        "notice ann is not registered here, so your password was ignored: /password registers it."

    /// In the chat as ann, with a password that nobody asked for.
    private static func online() throws -> SessionScript {
        var script = SessionScript(nickname: nil)
        try script.prepare("start\nopened\nlogin ann needless")
        let effects = try script.perform("< CONVER,@;framing=netstring;password=ignored,OK")
        #expect(effects.contains("identity ann #FFFFFF"))
        #expect(effects.last == remark)
        return script
    }

    @Test("is a guest, and told so once")
    func toldOnce() throws {
        var script = try Self.online()
        try script.prepare("closed Lost.\ntimer reconnect\nopened")
        let login = ConnectRequest(nickname: "ann", password: "", color: "#FFFFFF", framing: .netstring)
        #expect(script.sent.last == .connect(login))
        #expect(try !script.perform("< CONVER,@;framing=netstring,OK").contains(Self.remark))
    }

    @Test("registers the nickname with a first password, and changes it with the next")
    func registers() throws {
        var script = try Self.online()
        try script.expect(
            """
            password longenough
                > UPDATE,password=longenough,
            < CONFIRM,@;reason=UPDATE,OK
                cancel pong
                identity ann #FFFFFF, registered
                notice Your nickname is registered now.
            password evenlonger
                > UPDATE,password=evenlonger,
            < CONFIRM,@;reason=UPDATE,OK
                notice Your password is changed.
            """
        )
    }

    @Test("is not a member, as somebody is whose password was right")
    func member() throws {
        var script = SessionScript(nickname: nil)
        try script.prepare("start\nopened\nlogin ann right")
        let effects = try script.perform("< CONVER,@;framing=netstring,OK")
        #expect(effects.contains("identity ann #FFFFFF, registered"))
        var original = SessionScript(nickname: nil)
        try original.prepare("start\nopened\nlogin ann right")
        #expect(try original.perform("< CONVER,@,OK").contains("identity ann #FFFFFF"), "it keeps no accounts of ours")
    }
}
