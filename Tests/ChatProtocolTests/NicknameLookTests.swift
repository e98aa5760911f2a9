internal import ChatProtocol
internal import Testing

@Suite("What a nickname looks like")
struct NicknameLookTests {
    @Test(
        "letters of other scripts look like Latin ones",
        arguments: [
            ("Bob", "Воb"),  // Cyrillic В and о
            ("bob", "ВОВ"),  // all Cyrillic capitals
            ("alice", "аlісе"),  // Cyrillic а, і, с, е
            ("paypal", "раураl"),  // Cyrillic р, а, у, р, а
            ("kate", "Κate"),  // Greek capital kappa
            ("Ann", "Ａnn"),  // full width
            ("otto", "οttο"),  // Greek omicron
        ]
    )
    func lookalikes(latin: String, other: String) {
        #expect(NicknameLook(latin).resembles(NicknameLook(other)))
        #expect(NicknameLook(other).resembles(NicknameLook(latin)))
    }

    @Test(
        "different nicknames look different, in their own scripts too",
        arguments: [
            ("alice", "alicia"), ("борис", "Ирина"), ("Ελένη", "Eleni"), ("alice1", "alicel"), ("日本太郎", "花子"),
            ("zoë", "zoe"), ("Анна", "Ann"),
        ]
    )
    func different(one: String, other: String) {
        #expect(!NicknameLook(one).resembles(NicknameLook(other)))
    }
}
