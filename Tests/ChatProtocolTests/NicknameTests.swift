internal import ChatProtocol
internal import ChatTestSupport
internal import Testing

@Suite("Nickname")
struct NicknameTests {
    private func fault(_ text: String) -> NicknameError? {
        do throws(NicknameError) {
            _ = try Nickname(text)
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "letters of any script start a nickname, and nearly anything may follow",
        arguments: [
            "ann", "Bo", "bob smith", "a,;=/", "caro/l,x", "x-ALL", "ångström", "Ωmega", "иван", "日本", "العربية",
            "ñandú",
            "e\u{301}a", "a1234567890123456"[...].prefix(16).description, "a👩‍👩‍👧".prefix(1).description + "🙂",
            "z!@#$%^&*()",
            "ＡＢ", "ǅx", "ʰx", "क्षिक",
        ]
    )
    func valid(_ text: String) throws {
        #expect(try Nickname(text).text == text)
    }

    @Test(
        "a nickname that breaks a rule names the rule",
        arguments: [
            ("", NicknameError.doesNotStartWithLetter),
            ("9bad", .doesNotStartWithLetter),
            ("-ALL", .doesNotStartWithLetter),
            (" ann", .doesNotStartWithLetter),
            ("_ann", .doesNotStartWithLetter),
            ("🙂ann", .doesNotStartWithLetter),
            ("\u{301}ann", .doesNotStartWithLetter),
            ("\u{200B}ann", .doesNotStartWithLetter),
            // A letter that nobody can see.
            ("\u{3164}ann", .doesNotStartWithLetter),
            ("\u{115F}ann", .doesNotStartWithLetter),
            ("b", .wrongLength),
            ("a\u{301}", .wrongLength),
            ("abcdefghijklmnopq", .wrongLength),
            ("a" + String(repeating: "\u{301}", count: 48) + "b", .wrongLength),
            ("an\u{0}n", .forbiddenCharacter),
            ("an\nn", .forbiddenCharacter),
            ("an\tn", .forbiddenCharacter),
            ("an\u{1B}n", .forbiddenCharacter),
            ("an\u{7F}n", .forbiddenCharacter),
            ("an\u{9B}n", .forbiddenCharacter),
            ("an\u{AD}n", .forbiddenCharacter),
            ("an\u{200B}n", .forbiddenCharacter),
            ("an\u{200D}n", .forbiddenCharacter),
            ("an\u{202E}n", .forbiddenCharacter),
            ("an\u{2066}n", .forbiddenCharacter),
            ("an\u{61C}n", .forbiddenCharacter),
            ("an\u{2028}n", .forbiddenCharacter),
            ("an\u{2029}n", .forbiddenCharacter),
            ("an\u{FEFF}n", .forbiddenCharacter),
            ("an\u{FE0F}n", .forbiddenCharacter),
            ("an\u{E0041}n", .forbiddenCharacter),
            ("an\u{3164}n", .forbiddenCharacter),
            ("an\u{E000}n", .forbiddenCharacter),
            ("an\u{FFFF}n", .forbiddenCharacter),
            ("ann ", .spaceAtEnd),
            ("ann\u{A0}", .spaceAtEnd),
            ("ann\u{3000}", .spaceAtEnd),
        ]
    )
    func invalid(_ text: String, _ error: NicknameError) {
        #expect(fault(text) == error)
    }

    @Test("the longest nickname has 16 characters, however many bytes they take")
    func longest() throws {
        #expect(try Nickname(String(repeating: "日", count: 16)).text.count == 16)
        #expect(try Nickname("a" + String(repeating: "e\u{301}", count: 15)).text.count == 16)
        #expect(fault("a" + String(repeating: "e\u{301}", count: 16)) == .wrongLength)
    }

    @Test(
        "spellings of one nickname have one key",
        arguments: [
            ["Alice", "alice", "ALICE", "Ａlice", "ａｌｉｃｅ", "𝐀𝐥𝐢𝐜𝐞", "Ⓐlice", "ªlice", "ᴬlice"],
            ["strasse", "straße", "STRASSE", "STRAẞE", "Straſse", "ﬆrasse"],
            ["café", "cafe\u{301}", "CAFÉ", "CAFE\u{301}", "ＣＡＦÉ"],
            ["office", "oﬃce", "oﬀice", "OFFICE"],
            ["σοφος", "ΣΟΦΟΣ", "σοφος".replacing("ς", with: "σ"), "Σοφος"],
            ["iva", "Iva", "Ⅰva", "ⅰva"],
            ["kelvin", "\u{212A}elvin"],
            ["ångström", "A\u{30A}ngström", "\u{212B}ngström", "ÅNGSTRÖM"],
            ["ガギ", "ｶﾞｷﾞ", "カ\u{3099}キ\u{3099}"],
            ["한글", "\u{1112}\u{1161}\u{11AB}\u{1100}\u{1173}\u{11AF}"],
            ["ΐx", "\u{3B9}\u{308}\u{301}x", "\u{1FD3}x"],
            ["ᾳx", "αιx", "ΑΙx", "ᾼx"],
            ["a b", "a\u{A0}b", "a\u{3000}b"],
            ["x2", "x²", "x②", "X₂"],
            ["ДИМА", "дима", "Дима"],
            ["ლი", "ᲚᲘ"],
            ["ꭰx", "Ꭰx"],
            ["豈x", "\u{F900}x"],
            ["صلى", "\u{FEBB}\u{FEDF}\u{FEF0}"],
        ]
    )
    func oneKey(_ spellings: [String]) {
        #expect(Set(spellings.map { NicknameKey($0) }).count == 1)
    }

    @Test(
        "different nicknames have different keys",
        arguments: [
            ("alice", "alicia"), ("o", "0"), ("cafe", "café"), ("a", "а"), ("i", "ı"), ("ann", "ann "), ("", "a"),
            ("Ω", "o"),
        ]
    )
    func differentKeys(_ one: String, _ other: String) {
        #expect(NicknameKey(one) != NicknameKey(other))
    }

    /// The scalars that case folding with compatibility normalisation changes,
    /// by the standard library's newer tables.
    static let folded = (UInt32(0)...0x10FFFF).compactMap { Unicode.Scalar($0) }
        .filter(\.properties.changesWhenNFKCCaseFolded)

    @Test("whatever has an upper and a lower case has one key in both")
    func caseMappings() {
        // Folding leaves the Turkish letters alone.
        let exceptions: Set<Unicode.Scalar> = ["\u{131}", "\u{130}"]
        let different = Self.folded.filter { scalar in
            let key = NicknameKey(String(scalar))
            return !exceptions.contains(scalar)
                && (NicknameKey(scalar.properties.lowercaseMapping) != key
                    || NicknameKey(scalar.properties.uppercaseMapping) != key)
        }
        #expect(Self.folded.count > 10_000)
        #expect(different.isEmpty)
    }

    @Test("a key's text has the same key")
    func fixpoint() {
        let different = Self.folded.filter { scalar in
            let key = NicknameKey(String(scalar))
            return NicknameKey(key.folded) != key
        }
        #expect(different.isEmpty)
    }

    @Test("what the standard library says folds, folds")
    func coverage() {
        // A character that folds to nothing is none that a nickname may have, and
        // one that is canonically equivalent to its folding is equal to it already.
        let unfolded = Self.folded.filter { scalar in
            let text = String(scalar)
            return !scalar.properties.isDefaultIgnorableCodePoint && NicknameKey(text).folded == text
                && Array(NicknameKey(text).folded.unicodeScalars) == [scalar]
                && !scalar.properties.isFullCompositionExclusion
        }
        #expect(unfolded.isEmpty)
    }

    @Test("nicknames are equal where spelled equally")
    func equality() throws {
        #expect(try Nickname("Ann") != Nickname("ann"))
        #expect(try Nickname("Ann").key == Nickname("ann").key)
        #expect(try Set([Nickname("ann"), Nickname("ann")]).count == 1)
    }

    @Test("any text has a key", arguments: UInt64(0)..<50)
    func neverTraps(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let text = String(decoding: generator.bytes(60), as: UTF8.self)
        #expect(NicknameKey(text) == NicknameKey(NicknameKey(text).folded))
        #expect(NicknameKey(text.uppercased()) == NicknameKey(text.lowercased()))
        _ = try? Nickname(text)
    }
}
