internal import ChatSystem
internal import Testing

@Suite("Text that people edit")
struct EditedTextTests {
    @Test(
        "is read with any line ends and a byte-order mark, and written back as it was",
        arguments: [
            ("", "", ""), ("a", "a", "a"), ("a\nb\n", "a\nb\n", "a\nb\n"),
            ("a\r\nb\r\n", "a\nb\n", "a\r\nb\r\n"), ("a\rb\r", "a\nb\n", "a\rb\r"),
            ("\u{FEFF}a\r\n", "a\n", "\u{FEFF}a\r\n"), ("\u{FEFF}", "", "\u{FEFF}"),
            // A mark elsewhere is text, and mixed line ends become one.
            ("a\u{FEFF}b", "a\u{FEFF}b", "a\u{FEFF}b"), ("a\r\nb\nc\r", "a\nb\nc\n", "a\nb\nc\n"),
            ("\r\r\n\n", "\n\n\n", "\n\n\n"),
        ]
    )
    func lineEnds(file: String, text: String, written: String) {
        let edited = EditedText(Array(file.utf8))
        #expect(edited.text == text)
        #expect(edited.bytes == Array(written.utf8))
    }

    @Test("what is no UTF-8 is no text")
    func otherEncoding() {
        #expect(EditedText([0x61, 0xFF]).text == nil)
    }
}
