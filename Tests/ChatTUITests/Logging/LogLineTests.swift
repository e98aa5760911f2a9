internal import ChatProtocol
internal import Foundation
internal import Logging
internal import Synchronization
internal import Testing

@testable internal import ChatTUI

@Suite("The server's log")
struct LogLineTests {
    private static let moment = Timestamp(unixMilliseconds: 1_795_341_845_007, utcOffsetSeconds: 3600)

    private func line(_ message: String, _ metadata: Logger.Metadata = [:]) -> LogLine {
        LogLine(time: Self.moment, level: .notice, message: message, metadata: metadata)
    }

    @Test(
        "a line of text is time, level, message and what belongs to it by name",
        arguments: [
            ("login", [:], "login"),
            ("login", ["nickname": "ann", "address": "::1"], "login address=::1 nickname=ann"),
            ("kick", ["detail": "kicked by bob"], "kick detail=\"kicked by bob\""),
            ("x", ["a": "", "b": "\"", "c": "=", "d": "\\"], #"x a="" b="\"" c="=" d="\\""#),
            ("two\nlines", ["n": "a\u{1B}[31mb\u{7}"], "two lines n=a␛[31mb␇"),
        ] as [(String, Logger.Metadata, String)]
    )
    func text(message: String, metadata: Logger.Metadata, expected: String) {
        #expect(line(message, metadata).written(as: .text) == "2026-11-22T10:04:05.007Z notice \(expected)")
    }

    @Test("a line of JSON is one object with everything in it as text")
    func json() {
        #expect(
            line("login", ["nickname": "a\"\\b", "address": "::1"]).written(as: .json)
                == #"{"time":"2026-11-22T10:04:05.007Z","level":"notice","message":"login","#
                + #""address":"::1","nickname":"a\"\\b"}"#
        )
    }

    @Test(
        "whatever comes in, JSON and one line come out",
        arguments: [
            "\"", "\\", "\n\r\t", "\u{0}\u{1}\u{1F}\u{7F}\u{80}", "\u{2028}\u{202E}", "👩‍👩‍👧", "ａ\u{301}", "{\"a\":1}",
        ]
    )
    func anything(text: String) throws {
        for metadata in [["key": .string(text)], [text: "value"], ["time": "now"]] as [Logger.Metadata] {
            let written = line(text, metadata).written(as: .json)
            let object = try JSONSerialization.jsonObject(with: Data(written.utf8)) as? [String: String]
            #expect(object?["message"] == SafeText(line: text).text)
            #expect(object?["time"] == "2026-11-22T10:04:05.007Z")
            #expect(!written.contains { $0.isNewline })
        }
    }

    @Test("level and format change for those who have the logger already")
    func changes() {
        let lines = Mutex<[String]>([])
        let log = ServerLog(
            ServerLog.Settings(),
            clock: { Self.moment },
            sink: { line in lines.withLock { $0.append(line) } }
        )
        let logger = log.logger
        logger.debug("too little")
        logger.info("enough")
        log.change(to: ServerLog.Settings(level: .warning, format: .json))
        logger.notice("too little now")
        logger.error("bad", metadata: ["reason": "disk"])
        log.finish()
        #expect(
            lines.withLock { $0 } == [
                "2026-11-22T10:04:05.007Z info enough\n",
                #"{"time":"2026-11-22T10:04:05.007Z","level":"error","message":"bad","reason":"disk"}"# + "\n",
            ]
        )
    }
}
