internal import ChatProtocol
internal import ChatSession
internal import Testing

@Suite("The history of an original server")
struct OriginalHistoryTests {
    @Test("a replay brings nothing twice, and puts what is new in its place")
    func replay() throws {
        var script = try OriginalServerTests.online()
        try script.prepare(
            """
            < CHATR,time=2026-11-22 12-00-01;sender=bob;rec=-ALL;color=#00FF00,ok
            < CHATR,time=2026-11-22 12-00-01;sender=bob;rec=-ALL;color=#00FF00,ok
            < CHATR,time=2026-11-22 12-00-09;sender=bob;rec=-ALL;color=#00FF00,later
            """
        )
        try script.expect(
            """
            refresh
                > REF,,
                set answer 10000
            say meanwhile
                + (pending) !ann: meanwhile
            < CONFIRM,time=2026-11-22 12-00-20;reason=REF,Resending messages...
                cancel answer
                set replay 600
            < INFO,@;sender=ann,ann has joined the chat!
                set replay 600
            < USER,@;num=1;admin=1;0=ann;admin0=admin,
            < CHATR,time=2026-11-22 12-00-01;sender=bob;rec=-ALL;color=#00FF00,ok
                set replay 600
            < CHATR,time=2026-11-22 12-00-01;sender=bob;rec=-ALL;color=#00FF00,ok
                set replay 600
            < CHATR,time=2026-11-22 12-00-05;sender=bob;rec=-ALL;color=#00FF00,unheard of
                set replay 600
                ^ bob: unheard of
            < CHATR,time=2026-11-22 12-00-06;sender=bob;rec=-ALL;color=#00FF00,that too
                set replay 600
                ^ bob: that too
            < CHATR,time=2026-11-22 12-00-21;sender=bob;rec=-ALL;color=#00FF00,live
                set replay 600
                + bob: live
            < CHATR,time=2026-11-22 12-00-09;sender=bob;rec=-ALL;color=#00FF00,later
                set replay 600
            < CHATR,time=2026-11-22 12-00-21;sender=bob;rec=-ALL;color=#00FF00,live
                set replay 600
            timer replay
                notice 2 missing messages were fetched.
                > CHAT,rec=-ALL,meanwhile
                set answer 10000
            < CHATR,time=2026-11-22 12-00-09;sender=bob;rec=-ALL;color=#00FF00,later
                ^ bob: later
            < CHATR,time=2026-11-22 12-00-22;sender=ann;rec=-ALL;color=#D333FF,meanwhile
                ~ !ann: meanwhile
                cancel answer
            """
        )
        #expect(
            script.timeline.entries.map(\.text.text) == [
                "ann has joined the chat!", "ok", "ok", "unheard of", "that too", "later", "later", "live", "meanwhile",
            ]
        )
    }

    @Test("a replay brings back no color, and no list, that is not true any more")
    func oldNews() throws {
        var script = try OriginalServerTests.online()
        try script.prepare(
            """
            < USER,@;num=2;admin=1;0=bob;1=ann;admin0=admin,
            < CHATR,time=2026-11-22 12-00-01;sender=bob;rec=-ALL;color=#00FF00,in green
            < USER,time=2026-11-22 12-00-20;num=3;admin=2;0=bob;1=ann;2=carol;admin0=admin;admin1=bob,
            < CHATR,time=2026-11-22 12-00-20;sender=bob;rec=-ALL;color=#FF0000,in red
            < USER,time=2026-11-22 12-00-20;num=2;admin=1;0=bob;1=ann;admin0=admin,
            refresh
            < CONFIRM,time=2026-11-22 12-00-20;reason=REF,Resending messages...
            """
        )
        let replay = """
            < CHATR,time=2026-11-22 12-00-01;sender=bob;rec=-ALL;color=#00FF00,in green
            < CHATR,time=2026-11-22 12-00-02;sender=bob;rec=-ALL;color=#0000FF,in blue
            < CHATR,time=2026-11-22 12-00-02;sender=ann;rec=-ALL;color=#0000FF,said in blue, too
            < USER,time=2026-11-22 12-00-20;num=3;admin=2;0=bob;1=ann;2=carol;admin0=admin;admin1=bob,
            """
        try script.prepare(replay)
        #expect(script.roster.line == "!ann #D333FF, bob #FF0000")
        // A server that pauses goes on after the replay counts as over.
        try script.prepare("timer replay")
        try script.prepare(replay)
        #expect(script.roster.line == "!ann #D333FF, bob #FF0000")
    }

    @Test("the first replay gives everybody the color of their newest message")
    func firstColors() throws {
        var script = SessionScript()
        try script.prepare(
            """
            start
            opened
            < CONVER,time=2026-11-22 12-00-20,OK
            < INFO,time=2026-11-22 12-00-20;sender=ann,ann has joined the chat!
            < USER,time=2026-11-22 12-00-20;num=2;admin=0;0=bob;1=ann,
            < CONFIRM,time=2026-11-22 12-00-20;reason=REF,Resending messages...
            < CHATR,time=2026-11-22 12-00-01;sender=bob;rec=-ALL;color=#FF0000,in red
            < CHATR,time=2026-11-22 12-00-02;sender=bob;rec=-ALL;color=#00FF00,in green
            < INFO,time=2026-11-22 12-00-20;sender=ann,ann has joined the chat!
            timer replay
            """
        )
        #expect(script.roster.line == "!ann #D333FF, bob #00FF00")
    }

    @Test("what a late replay brings again is not taken for the answer to the same text")
    func lateReplay() throws {
        var script = try OriginalServerTests.online()
        try script.prepare(
            """
            say hi
            < CHATR,time=2026-11-22 12-00-01;sender=ann;rec=-ALL;color=#D333FF,hi
            refresh
            < CONFIRM,time=2026-11-22 12-00-20;reason=REF,Resending messages...
            timer replay
            say hi
            """
        )
        try script.expect(
            """
            < CHATR,time=2026-11-22 12-00-01;sender=ann;rec=-ALL;color=#D333FF,hi
            < CHATR,time=2026-11-22 12-00-30;sender=ann;rec=-ALL;color=#D333FF,hi
                ~ !ann: hi
                cancel answer
            """
        )
    }

    @Test("a replay has an end, whatever others say meanwhile")
    func endlessReplay() throws {
        var script = try OriginalServerTests.online()
        try script.prepare("refresh\n< CONFIRM,@;reason=REF,Resending messages...")
        var waits: [String] = []
        for number in 1...11 {
            try script.prepare("wait 500")
            waits += try script.perform("< CHATR,@;sender=bob;rec=-ALL;color=#00FF00,line \(number)")
                .filter { $0.hasPrefix("set") }
        }
        #expect(waits.last == "set replay 1")
    }

    @Test("the history is as long as the server's, and says so")
    func older() throws {
        var script = try OriginalServerTests.online()
        try script.expect(
            """
            older
                older none
            """
        )
    }

    @Test("a server that learned to number its messages starts a new chapter")
    func upgrade() throws {
        var script = try OriginalServerTests.online()
        try script.prepare("closed The connection was cut off.\ntimer reconnect\nopened")
        try script.prepare(
            """
            < CONVER,@;framing=netstring,OK
            < INFO,@;id=2;sender=ann;event=join;color=#D333FF;admin=0,ann has joined again
            < CONFIRM,@;reason=REF;more=0,OK
            < CHATR,@;id=1;sender=bob;rec=-ALL;color=#00FF00,first
            """
        )
        #expect(
            script.timeline.entries.map(\.text.text) == ["ann has joined the chat!", "first", "ann has joined again"]
        )
    }
}
