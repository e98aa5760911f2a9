internal import Testing

@testable import ChatTUI

@Suite("JSON document")
struct JSONDocumentTests {
    private func document(_ text: String) throws -> JSONDocument { try JSONDocument(Array(text.utf8)) }

    @Test("values and where they stand")
    func values() throws {
        let text = #" { "a" : "x\n\u00e9\ud83d\udc4d" , "b":[1,-2.5e+3,true,null,{}] } "#
        let members = try #require(try document(text).members)
        #expect(members.map(\.key) == ["a", "b"])
        #expect(members[0].node.value == .string("x\né👍"))
        #expect(members[0].keyRange == 3..<6)
        guard case .array(let values) = members[1].node.value else {
            Issue.record("no array")
            return
        }
        #expect(values.map(\.value) == [.number("1"), .number("-2.5e+3"), .boolean(true), .null, .object([])])
    }

    @Test(
        "what is wrong, and where",
        arguments: [
            ("", 1, 1, "empty"), ("  \n ", 2, 2, "empty"), ("{", 1, 1, "never closed"), ("[1", 1, 1, "never closed"),
            ("{\n \"a\": 1\n \"b\": 2 }", 2, 8, "comma is missing"), ("{ \"a\": 1, }", 1, 11, "no comma"),
            ("[1,]", 1, 4, "no comma"), ("{ \"a\" 1 }", 1, 7, "colon"), ("{ a: 1 }", 1, 3, "key in double quotes"),
            ("{ 'a': 1 }", 1, 3, "key in double quotes"), ("{ \"a\": 'x' }", 1, 8, "double quotes"),
            ("{ \"a\": red }", 1, 8, "double quotes"), ("{ \"a\": True }", 1, 8, "small letters"),
            ("{ \"a\": #D333FF }", 1, 8, "color stands in double quotes"), ("// note\n{}", 1, 1, "no comments"),
            ("{ \"é日\": x }", 1, 9, "double quotes"), ("{ \"a\": \"x }", 1, 8, "closing quote"),
            ("{ \"a\": \"x\ny\" }", 1, 8, "closing quote"), ("{ \"a\": \"\\x\" }", 1, 9, "backslash"),
            ("{ \"a\": \"\\ud83d\" }", 1, 9, "half a character"), ("{ \"a\": \"\\u12\" }", 1, 9, "four digits"),
            ("{} x", 1, 4, "more after the end"), ("01", 1, 1, "no number"), ("-", 1, 1, "no number"),
            ("1.", 1, 3, "digits"), ("{ \"a\": }", 1, 8, "a value has to be here"), ("{ \"a\":", 1, 7, "the file ends"),
            (String(repeating: "[", count: 100), 1, 65, "too deep"),
            ("{ \"a\": 1,\n \"\\u0061\": 2 }", 2, 2, "\"a\" stands here for the second time"),
            ("[{ \"b\": { \"a\": 1, \"a\": null } }]", 1, 19, "second time"),
        ]
    )
    func errors(text: String, line: Int, column: Int, reason: String) {
        #expect {
            try document(text)
        } throws: { error in
            guard let error = error as? JSONError else { return false }
            return error.position == JSONError.Position(line: line, column: column) && error.reason.contains(reason)
        }
    }

    @Test("a value is replaced and not a byte beside it")
    func replace() throws {
        var edited = try document("{\r\n\t\"other\" : [ 1,2 ],\r\n\t\"nickname\":\t\"ann\" ,\"x\":null}\r\n\r\n")
        try edited.set("nickname", to: "b\"o\\b\n")
        #expect(
            edited.bytes
                == Array(
                    "{\r\n\t\"other\" : [ 1,2 ],\r\n\t\"nickname\":\t\"b\\\"o\\\\b\\n\" ,\"x\":null}\r\n\r\n".utf8
                )
        )
    }

    @Test(
        "a new key is laid out as the others are",
        arguments: [
            ("{}", "{\n  \"k\": \"v\"\n}"), ("{ }\n", "{\n  \"k\": \"v\"\n}\n"),
            ("{\"a\": 1}", "{\"a\": 1, \"k\": \"v\"}"), ("{ \"a\":1 }", "{ \"a\":1, \"k\":\"v\" }"),
            ("{\"a\": 1, \"b\": 2}", "{\"a\": 1, \"b\": 2, \"k\": \"v\"}"),
            (
                "{\n    \"a\": 1,\n    \"b\": {\n    }\n}\n",
                "{\n    \"a\": 1,\n    \"b\": {\n    },\n    \"k\": \"v\"\n}\n"
            ),
            ("{\"a\":1\n,\"b\":2}", "{\"a\":1\n,\"b\":2,\"k\":\"v\"}"),
            ("{\n\t\"a\" : 1\n}", "{\n\t\"a\" : 1,\n\t\"k\" : \"v\"\n}"),
        ]
    )
    func insert(before: String, after: String) throws {
        var edited = try document(before)
        try edited.set("k", to: "v")
        #expect(String(decoding: edited.bytes, as: UTF8.self) == after)
    }

    @Test("what is not an object can't be set")
    func notAnObject() throws {
        var array = try document("[1]")
        #expect(throws: JSONError.self) { try array.set("k", to: "v") }
        #expect(array.bytes == Array("[1]".utf8))
    }
}
