internal import ChatProtocol
internal import ChatTestSupport
internal import Testing

@Suite("Values on the wire")
struct WireValueTests {
    @Test(
        "both forms of the time are read, and the documented one is written",
        arguments: [
            ("2026-11-22 12-04-05", "2026-11-22 12-04-05"), ("2026-11-22 12:04:05", "2026-11-22 12-04-05"),
            ("0000-01-01 00:00:00", "0000-01-01 00-00-00"), ("9999-12-31 23:59:60", "9999-12-31 23-59-60"),
        ]
    )
    func time(_ text: String, _ written: String) {
        #expect(WireTime(text)?.description == written)
    }

    @Test(
        "what is no time is not read",
        arguments: [
            "", "2026-11-22", "2026-11-22 12-04:05", "2026-11-22 12:04-05", "2026-11-22T12:04:05",
            "2026/11/22 12:04:05",
            "2026-13-22 12:04:05", "2026-00-22 12:04:05", "2026-11-32 12:04:05", "2026-11-00 12:04:05",
            "2026-11-22 24:04:05",
            "2026-11-22 12:60:05", "2026-11-22 12:04:61", "2026-11-22 12:04:0", "2026-11-22 12:04:055",
            " 2026-11-22 12:04:05",
            "2026-11-22 12:04:05 ", "２026-11-22 12:04:05", "-026-11-22 12:04:05", "2026-11-22 1a:04:05",
            "YYYY-MM-DD HH-MM-SS",
            "2026-11-22 12.04.05",
        ]
    )
    func noTime(_ text: String) {
        #expect(WireTime(text) == nil)
    }

    @Test(
        "a moment is written in the server's local time",
        arguments: [
            (Int64(0), Int32(0), "1970-01-01 00-00-00"),
            (1_795_341_845_250, 7200, "2026-11-22 12-04-05"),
            (1_795_341_845_250, -36_000, "2026-11-22 00-04-05"),
            (-1, 0, "1969-12-31 23-59-59"),
            (951_782_399_999, 0, "2000-02-28 23-59-59"),
            (951_782_400_000, 0, "2000-02-29 00-00-00"),
            (951_868_800_000, 0, "2000-03-01 00-00-00"),
            (4_107_542_400_000, 0, "2100-03-01 00-00-00"),
            (4_107_542_399_000, 0, "2100-02-28 23-59-59"),
            (Int64.max, 50_400, "9999-12-31 23-59-59"),
            (Int64.min, -43_200, "0000-01-01 00-00-00"),
            (-62_167_219_200_000, 0, "0000-01-01 00-00-00"),
            (253_402_300_799_999, 0, "9999-12-31 23-59-59"),
        ] as [(Int64, Int32, String)]
    )
    func moment(_ milliseconds: Int64, _ offset: Int32, _ written: String) {
        #expect(Timestamp(unixMilliseconds: milliseconds, utcOffsetSeconds: offset).wireTime.description == written)
    }

    @Test("every day has its date, and times order as moments do")
    func everyDay() throws {
        var previous = try #require(WireTime("0001-12-31 23:59:59"))
        let daysOfMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        var day = Int64(-718_797)
        for year in stride(from: 2, through: 3000, by: 1) {
            let isLeap = year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
            for month in 1...12 {
                let count = daysOfMonth[month - 1] + (month == 2 && isLeap ? 1 : 0)
                for date in [1, count] {
                    let moment = WireTime(localMilliseconds: (day + Int64(date - 1)) * 86_400_000)
                    #expect((moment.year, moment.month, moment.day) == (year, month, date))
                    #expect(previous < moment || date == 1)
                    previous = moment
                }
                day += Int64(count)
            }
        }
    }

    @Test("times order by calendar")
    func order() throws {
        let texts = [
            "2025-12-31 23:59:59", "2026-01-01 00:00:00", "2026-01-01 00:00:01", "2026-01-01 00:01:00",
            "2026-01-01 01:00:00",
            "2026-01-02 00:00:00", "2026-02-01 00:00:00",
        ]
        let times = texts.compactMap { WireTime($0) }
        #expect(times.count == texts.count)
        #expect(times.shuffled().sorted() == times)
    }

    @Test("a time is checked part by part")
    func parts() {
        #expect(WireTime(year: 2026, month: 2, day: 31, hour: 0, minute: 0, second: 0) != nil)
        #expect(WireTime(year: 10_000, month: 1, day: 1, hour: 0, minute: 0, second: 0) == nil)
        #expect(WireTime(year: -1, month: 1, day: 1, hour: 0, minute: 0, second: 0) == nil)
        #expect(WireTime(year: 2026, month: 1, day: 1, hour: 0, minute: 0, second: 61) == nil)
    }

    @Test(
        "colors of three and six digits are read",
        arguments: [
            ("#D333FF", [0xD3, 0x33, 0xFF]), ("#d333ff", [0xD3, 0x33, 0xFF]), ("#0F8", [0, 0xFF, 0x88]),
            ("#000", [0, 0, 0]),
            ("#ffffff", [0xFF, 0xFF, 0xFF]),
        ] as [(String, [UInt8])]
    )
    func color(_ text: String, _ parts: [UInt8]) {
        let color = ChatColor(text)
        #expect(color.map { [$0.red, $0.green, $0.blue] } == parts)
        #expect(color?.text == text)
    }

    @Test(
        "what is no color is not read",
        arguments: [
            "", "#", "green", "D333FF", "#12", "#1234", "#12345", "#1234567", "#GGG", "##12", "#12 ", " #123", "#１23",
            "#12345\u{301}",
        ]
    )
    func noColor(_ text: String) {
        #expect(ChatColor(text) == nil)
    }

    @Test("a color made of parts is written in six digits")
    func colorText() {
        #expect(ChatColor(red: 0xD3, green: 0x05, blue: 0xFF).text == "#D305FF")
        #expect(ChatColor.white.text == "#FFFFFF")
        #expect(ChatColor("#FFFFFF") == .white)
    }

    @Test("a recipient is everyone or a nickname")
    func recipient() {
        #expect(Recipient(wire: "-ALL") == .everyone)
        #expect(Recipient(wire: "-all") == .user("-all"))
        #expect(Recipient.everyone.wire == "-ALL")
        #expect(Recipient.user("bob").wire == "bob")
    }

    @Test(
        "message numbers are decimal and not negative",
        arguments: ["", "x", "-1", "1.5", "9223372036854775808", " 1", "1 ", "0x1"]
    )
    func noMessageID(_ text: String) {
        #expect(MessageID(text) == nil)
    }

    @Test("message numbers order as the server numbered")
    func messageIDs() {
        #expect(MessageID("9223372036854775807") == MessageID(.max))
        #expect(MessageID("0") == MessageID(0))
        #expect(MessageID(9) < MessageID(10))
    }
}
