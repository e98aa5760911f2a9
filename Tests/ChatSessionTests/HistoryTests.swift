internal import ChatProtocol
internal import ChatSession
internal import Testing

@Suite("The history of a server that numbers its messages")
struct HistoryTests {
    static func chats(_ numbers: ClosedRange<Int>) -> String {
        numbers.map { "< CHATR,@;id=\($0);sender=bob;rec=-ALL;color=#00FF00,message \($0)" }.joined(separator: "\n")
    }

    static func join(_ number: Int) -> String {
        "< INFO,@;id=\(number);sender=ann;event=join;color=#D333FF;admin=0,ann has joined the chat!"
    }

    static let list = "< USER,@;num=1;admin=0;0=ann;1=ann;color1=#D333FF,"
    static let comeBack = "closed The connection was cut off.\ntimer reconnect\nopened\n< CONVER,@;framing=netstring,OK"

    /// The numbers in the timeline, as runs.
    static func numbers(_ script: SessionScript) -> [ClosedRange<Int64>] {
        var runs: [ClosedRange<Int64>] = []
        for number in script.timeline.entries.compactMap(\.messageID?.number) {
            if let last = runs.last, last.upperBound + 1 == number {
                runs[runs.count - 1] = last.lowerBound...number
            } else {
                runs.append(number...number)
            }
        }
        return runs
    }

    /// In the chat, with the numbers 1 to 200 in the timeline; our arrival was 200.
    static func online() throws -> SessionScript {
        var script = SessionScript()
        try script.prepare("start\nopened\n< CONVER,@;framing=netstring,OK\n\(join(200))\n\(list)\n< PONG,@,1")
        try script.prepare("< CONFIRM,@;reason=REF;more=1,OK\n\(chats(101...199))\n\(join(200))\ntimer replay")
        return script
    }

    @Test("what is older is fetched in pages, from the oldest on, until there is no more")
    func older() throws {
        var script = try Self.online()
        try script.expect(
            """
            older
                > REF,before=101;limit=100,
                set replay 20000
            older
            """
        )
        try script.prepare("< CONFIRM,@;reason=REF;more=1,OK\n\(Self.chats(31...100))")
        try script.expect(
            """
            timer replay
                older available
            older
                > REF,before=31;limit=100,
                set replay 20000
            < CONFIRM,@;reason=REF;more=0,OK
                set replay 400
            """
        )
        try script.prepare(Self.chats(1...30))
        try script.expect(
            """
            timer replay
                older none
            older
                older none
            """
        )
        #expect(Self.numbers(script) == [1...200])
    }

    @Test("a page is over when it is full, without a wait")
    func fullPage() throws {
        var script = try Self.online()
        try script.prepare("older\n< CONFIRM,@;reason=REF;more=1,OK\n\(Self.chats(1...99))")
        try script.expect(
            """
            < CHATR,@;id=100;sender=bob;rec=-ALL;color=#00FF00,message 100
                ^ #100 bob: message 100
                older available
                cancel replay
            """
        )
    }

    @Test("what was missed is fetched from where the timeline is whole, and stands in order")
    func missed() throws {
        var script = try Self.online()
        try script.prepare(Self.chats(201...203))
        try script.expect(
            """
            closed The connection was cut off.
                cancel ping
                status waiting 783 ms, attempt 1: The connection was cut off.
                set reconnect 783
            timer reconnect
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
                > REF,since=203;limit=1000,
                set replay 20000
                set ping 30000
                > PING,,1
                set pong 90000
            """
        )
        try script.prepare("\(Self.join(300))\n\(Self.list)\n\(Self.chats(301...302))")
        try script.prepare("< CONFIRM,@;reason=REF;more=0,OK\n\(Self.chats(204...299))\n\(Self.join(300))")
        try script.prepare("\(Self.chats(303...303))")
        #expect(Self.numbers(script) == [101...303])
    }

    @Test("catching up goes on page by page")
    func pages() throws {
        var script = try Self.online()
        try script.prepare("\(Self.comeBack)\n\(Self.join(2000))\n\(Self.list)")
        try script.prepare("< CONFIRM,@;reason=REF;more=1,OK\n\(Self.chats(201...1199))")
        try script.expect(
            """
            < CHATR,@;id=1200;sender=bob;rec=-ALL;color=#00FF00,message 1200
                ^ #1200 bob: message 1200
                > REF,since=1200;limit=1000,
                set replay 20000
            """
        )
        try script.prepare("< CONFIRM,@;reason=REF;more=0,OK\n\(Self.chats(1201...1999))\ntimer replay")
        #expect(Self.numbers(script) == [101...2000])
    }

    @Test("a loss while catching up starts over where it stopped, and doubles nothing")
    func lostWhileCatchingUp() throws {
        var script = try Self.online()
        try script.prepare("\(Self.comeBack)\n\(Self.join(2000))\n\(Self.list)\n\(Self.chats(2001...2005))")
        try script.prepare("< CONFIRM,@;reason=REF;more=1,OK\n\(Self.chats(201...700))")
        try script.prepare("\(Self.comeBack)")
        #expect(script.sent.contains(.refresh(HistoryQuery(since: MessageID(700), limit: 1000))))
        try script.prepare(
            "\(Self.join(3000))\n\(Self.list)\n< CONFIRM,@;reason=REF;more=1,OK\n\(Self.chats(701...1700))"
        )
        try script.prepare("< CONFIRM,@;reason=REF;more=0,OK\n\(Self.chats(1701...2005))\n\(Self.chats(2006...2999))")
        #expect(Self.numbers(script) == [101...3000])
    }

    @Test("far too much to catch up with leaves a gap that scrolling back fills")
    func gap() throws {
        var script = try Self.online()
        try script.prepare("\(Self.comeBack)\n\(Self.join(9000))\n\(Self.list)")
        for page in 0..<3 {
            let first = 201 + page * 1000
            try script.prepare("< CONFIRM,@;reason=REF;more=1,OK\n\(Self.chats(first...first + 999))")
        }
        #expect(script.sent.last == .refresh(HistoryQuery()))
        try script.prepare("< CONFIRM,@;reason=REF;more=1,OK\n\(Self.chats(8901...8999))\n\(Self.join(9000))")
        try script.expect(
            """
            timer replay
                ^ — More was said here while you were away. Scroll back to the top to fetch it.
                older available
            older
                > REF,before=8901;limit=100,
                set replay 20000
            """
        )
        #expect(Self.numbers(script) == [101...3200, 8901...9000])
        let marker = try #require(script.timeline.entries.firstIndex { $0.messageID == nil })
        #expect(script.timeline.entries[marker - 1].messageID == MessageID(3200))
        try script.prepare("< CONFIRM,@;reason=REF;more=1,OK\n\(Self.chats(8801...8900))")
        try script.expect(
            """
            older
                > REF,before=8801;limit=100,
                set replay 20000
            """
        )
        try script.prepare("< CONFIRM,@;reason=REF;more=1,OK\n\(Self.chats(3150...3249))")
        #expect(Self.numbers(script) == [101...3249, 8801...9000])
        try script.expect(
            """
            older
                > REF,before=101;limit=100,
                set replay 20000
            """
        )
    }

    @Test("live messages in the middle of a question are live, and end the page")
    func liveMeanwhile() throws {
        var script = try Self.online()
        try script.prepare("older\n\(Self.chats(201...201))\n< CONFIRM,@;reason=REF;more=1,OK\n\(Self.chats(1...50))")
        try script.expect(
            """
            < CHATR,@;id=202;sender=bob;rec=-ALL;color=#00FF00,message 202
                older available
                cancel replay
                + #202 bob: message 202
            """
        )
        #expect(Self.numbers(script) == [1...50, 101...202])
    }

    @Test("a server that forgot its history starts a new numbering, and nothing of it is taken for old")
    func newEpoch() throws {
        var script = try Self.online()
        try script.prepare(Self.comeBack)
        try script.expect(
            """
            < INFO,@;id=3;sender=ann;event=join;color=#D333FF;admin=0,ann has joined the chat!
                cancel pong
                + #3 — ann has joined the chat!
                roster !ann #D333FF
            < USER,@;num=1;admin=0;0=ann;1=ann;color1=#D333FF,
                roster !ann #D333FF
            < CONFIRM,@;reason=REF;more=0,OK
                set replay 400
            timer replay
                > REF,,
                set replay 20000
            """
        )
        try script.prepare(
            "< CONFIRM,@;reason=REF;more=0,OK\n\(Self.chats(1...2))\n\(Self.join(3))\n\(Self.chats(4...150))"
        )
        #expect(Self.numbers(script) == [101...200, 1...150])
        try script.prepare(Self.comeBack)
        #expect(script.sent.contains(.refresh(HistoryQuery(since: MessageID(150), limit: 1000))))
    }

    @Test("refreshing finds what is missing, and says how much that was")
    func refresh() throws {
        var script = try Self.online()
        try script.expect(
            """
            refresh
                > REF,,
                set replay 20000
            refresh
            < CONFIRM,@;reason=REF;more=1,OK
                set replay 400
            """
        )
        try script.prepare("\(Self.chats(101...199))\n\(Self.join(200))")
        try script.expect(
            """
            timer replay
                notice Nothing was missing.
            """
        )
        #expect(Self.numbers(script) == [101...200])
    }

    @Test("what goes wrong is said, and the next question is asked")
    func failures() throws {
        var script = try Self.online()
        try script.expect(
            """
            refresh
                > REF,,
                set replay 20000
            < CONFIRM,@;reason=REF,Error: The history could not be read, please try again.
                notice! The history can't be fetched: The history could not be read, please try again.
                older available
                cancel replay
            older
                > REF,before=101;limit=100,
                set replay 20000
            timer replay
                notice! The server does not answer the question for its history.
                older available
            older
                > REF,before=101;limit=100,
                set replay 20000
            """
        )
    }

    @Test("more messages than are remembered are told apart all the same")
    func beyondMemory() throws {
        var script = try Self.online()
        try script.prepare(Self.chats(201...6000))
        try script.prepare("older\n< CONFIRM,@;reason=REF;more=0,OK\n\(Self.chats(1...100))")
        // Long forgotten, and not asked for.
        try script.prepare(Self.chats(150...160))
        #expect(Self.numbers(script) == [1...6000])
    }
}
