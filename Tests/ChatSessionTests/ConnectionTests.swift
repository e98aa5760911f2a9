internal import ChatSession
internal import Testing

@Suite("A session's connection")
struct ConnectionTests {
    @Test("logs in with netstrings, asks for the history and pings")
    func framedLogin() throws {
        var script = SessionScript()
        try script.expect(
            """
            start
                status connecting
                open
            opened
                status logging in at server:6666
                set login 20000
                > CON,nickname=ann;password=;color=#D333FF;framing=netstring,
            < CONVER,@;framing=netstring,OK
                cancel login
                status online framed
                identity ann #D333FF
                > REF,,
                set replay 20000
                set ping 30000
                > PING,,1
                set pong 90000
            """
        )
    }
}
