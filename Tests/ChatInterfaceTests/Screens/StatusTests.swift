internal import ChatInterface
internal import ChatProtocol
internal import ChatSession
internal import Testing

@Suite("The top line")
struct StatusTests {
    @Test(
        "names server, encryption and round trip as far as there is room",
        arguments: [
            (100, true, 12, "home.example:6666 · tls · 12 ms"),
            (60, false, 7, "home.example:6666 · not encrypted · 7 ms"),
            (60, true, nil, "home.example:6666 · tls"),
            (40, true, 12, "home.example:6666 · tls"),
            (30, true, 12, "tls · 12 ms"),
            (30, false, 12, "not encrypted"),
            (20, false, 12, "plain"),
            (20, true, 12, "tls"),
        ]
    )
    func namesServerEncryption(
        columns: Int,
        isEncrypted: Bool,
        roundTrip: Int?,
        expected: String
    ) {
        var driver = InterfaceDriver(columns, 10)
        let channel = SessionEvent.Channel(address: "192.0.2.1:6666", isEncrypted: isEncrypted)
        driver.say(.status(.online(channel, framing: .netstring, roundTripMilliseconds: roundTrip)))
        let line = driver.screen.first ?? ""
        #expect(line.hasPrefix(" everyone "))
        #expect(line.hasSuffix("  " + expected))
        #expect(line.count == columns - 1)
    }

    @Test("names the person who alone gets what is typed", arguments: [(80, " → bob  "), (20, " → bob  ")])
    func namesTarget(columns: Int, start: String) {
        var driver = InterfaceDriver(columns, 10)
        driver.roster(["bob", "tester"])
        driver.enter("/msg bob")
        #expect(driver.screen.first?.hasPrefix(start) == true)
        driver.press(.escape)
        #expect(driver.screen.first?.hasPrefix(" everyone ") == true)
    }

    @Test("says below how to go on where nothing can be sent")
    func saysHowGoOn() {
        var driver = InterfaceDriver(80, 10)
        driver.say(.status(.distrusted(reason: "The certificate has changed.")))
        #expect(driver.screen.last == " tester › /reconnect tries again, /quit leaves")
        driver.enter("hello")
        #expect(driver.text.contains("Not sent: the server is not trusted."))
        #expect(driver.rows(with: "/reconnect tries again, /quit leaves.").count == 1)
    }

    @Test("warns of a connection that others can read, not of one within this machine")
    func warnsConnectionOthers() {
        for (isLocal, style) in [(false, Theme().warning), (true, Theme().dim)] {
            var driver = InterfaceDriver(70, 10)
            let channel = SessionEvent.Channel(address: "a", isEncrypted: false, isLocal: isLocal)
            driver.say(.status(.online(channel, framing: .none, roundTripMilliseconds: nil)))
            #expect(driver.interface.view().styledLines.first?.contains("\(style)|") == true)
            #expect(driver.screen.first?.hasSuffix("not encrypted") == true)
        }
    }

    @Test("counts down to the next attempt")
    func countsDownNext() {
        var driver = InterfaceDriver(70, 10)
        driver.say(.status(.waiting(reason: "The connection was lost", milliseconds: 3500, attempt: 1)))
        var seen: [String] = []
        for _ in 0..<5 {
            seen.append(String(driver.screen.first?.split(separator: " · ").last ?? ""))
            driver.wait(seconds: 1)
        }
        #expect(
            seen == [
                "reconnecting in 4 s", "reconnecting in 3 s", "reconnecting in 2 s", "reconnecting in 1 s",
                "reconnecting",
            ]
        )
        driver.say(.status(.connecting))
        #expect(driver.screen.first?.hasSuffix("connecting to home.example:6666") == true)
        driver.say(.status(.loggingIn(InterfaceDriver.channel)))
        #expect(driver.screen.first?.hasSuffix("home.example:6666 · tls · joining") == true)
    }

    @Test("shows in the warning color that the connection is lost, and keeps the pane")
    func showsInWarning() {
        var driver = InterfaceDriver(50, 10)
        driver.chat("bob", "still here")
        driver.say(.status(.waiting(reason: "lost", milliseconds: 4000, attempt: 2)))
        let style = Theme().warning
        let line = driver.interface.view().styledLines.first ?? ""
        #expect(line.contains("‹\(style)|reconnecting in 4 s›"))
        #expect(driver.text.contains("still here"))
    }

    @Test("says in the pane why the connection is lost, once for every reason")
    func saysInPane() {
        var driver = InterfaceDriver(40, 12)
        for (attempt, reason) in ["the cable is out", "the cable is out", "nobody answers"].enumerated() {
            driver.say(.status(.waiting(reason: reason, milliseconds: 1000, attempt: attempt + 1)))
            driver.say(.status(.connecting))
        }
        func count(_ reason: String) -> Int { driver.screen.count { $0.contains(reason) } }
        #expect(count("the cable is out") == 1)
        #expect(count("nobody answers") == 1)
        driver.say(.status(.online(InterfaceDriver.channel, framing: .none, roundTripMilliseconds: nil)))
        driver.say(.status(.waiting(reason: "nobody answers", milliseconds: 1000, attempt: 1)))
        driver.say(.status(.connecting))
        #expect(count("nobody answers") == 2)
    }

    @Test("says how to come back once it is over")
    func saysHowCome() {
        var driver = InterfaceDriver(70, 10)
        driver.say(.status(.ended(reason: "You were kicked")))
        #expect(driver.screen.first?.hasSuffix("You were kicked · /reconnect") == true)
        #expect(driver.enter("/reconnect") == [.session(.reconnectNow)])
    }

    @Test("names the way back once")
    func namesWayBack() {
        var driver = InterfaceDriver(90, 10)
        driver.say(.status(.ended(reason: "Thrown out: /reconnect tries to come back.")))
        #expect(driver.screen.first?.hasSuffix("Thrown out: /reconnect tries to come back.") == true)
    }

    @Test("says once why one was thrown out, then what to do")
    func saysOnceWhy() {
        var driver = InterfaceDriver(90, 10)
        driver.say(.appended([driver.entry(.warning, "You have been kicked for reason: noise")]))
        driver.say(.status(.ended(reason: "You have been kicked for reason: noise")))
        let pane = driver.screen.dropFirst()
        #expect(pane.count { $0.contains("kicked for reason: noise") } == 1)
        #expect(pane.contains { $0.contains("/reconnect tries again") })
    }

    @Test("says once why the server closed, then that there is nothing to do")
    func saysOnceWhyServer() {
        var driver = InterfaceDriver(90, 10)
        driver.say(.appended([driver.entry(.warning, "The server is closing.")]))
        let reason = "The server closed the connection: The server is closing."
        driver.say(.status(.waiting(reason: reason, milliseconds: 1000, attempt: 1)))
        let pane = driver.screen.dropFirst()
        #expect(pane.count { $0.contains("The server is closing.") } == 1)
        #expect(pane.contains { $0.contains("The server closed the connection; the chat") })
    }

    @Test("takes any number of milliseconds", arguments: [Int.max, Int.min, -1, 0])
    func takesAnyNumber(milliseconds: Int) {
        var driver = InterfaceDriver(70, 10)
        driver.say(.status(.waiting(reason: "lost", milliseconds: milliseconds, attempt: 1)))
        #expect(driver.screen.first?.contains("reconnecting") == true)
        driver.now = Timestamp(unixMilliseconds: .min)
        driver.send(.tick)
        #expect(driver.screen.first?.contains("reconnecting") == true)
        driver.say(.status(.online(InterfaceDriver.channel, framing: .none, roundTripMilliseconds: milliseconds)))
        #expect(driver.screen.first?.contains("home.example") == true)
    }
}
