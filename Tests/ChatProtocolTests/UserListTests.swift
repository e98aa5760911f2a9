internal import ChatProtocol
internal import ChatTestSupport
internal import Testing

@Suite("User list")
struct UserListTests {
    private func list(_ parameters: String) throws -> UserList? {
        guard case .users(let list) = try Response(text: "USER,time=2026-11-22 12:04:05;\(parameters)").body else {
            return nil
        }
        return list
    }

    private func names(_ parameters: String) throws -> [String]? {
        try list(parameters)?.users.map(\.nickname)
    }

    @Test(
        "everybody is read once, whoever counts and from where",
        arguments: [
            // The original server.
            ("num=2;admin=1;0=alice;1=bob smith;admin0=root,", ["alice", "bob smith"]),
            // The documented example.
            ("admin=1;num=2;1=user1;2=admin;admin0=admin,Current Users.", ["user1", "admin"]),
            // Ours.
            ("num=2;admin=0;0=bob;1=ann;2=bob,", ["ann", "bob"]),
            ("num=1;admin=0;0=ann;1=ann,", ["ann"]),
            ("num=1;admin=0;0=ann,", ["ann"]),
            ("num=1;admin=0;1=ann,", ["ann"]),
            ("num=0;admin=0,", []),
            // In the order of the numbers, not of the wire, and with holes.
            ("num=3;admin=0;10=c;2=b;1=a,", ["a", "b", "c"]),
            ("num=3;admin=0;5=a;9=b,", ["a", "b"]),
            ("1=a;1=b;num=1;admin=0,", ["b"]),
            // Counts and numbers that can't be.
            ("num=-1;admin=99999999999999999999;0=a,", ["a"]),
            ("num=1;admin=0;99999999999999999999=a;-1=b;0x1=c; 1=d;1 =e;+1=f,", []),
        ]
    )
    func users(_ parameters: String, _ expected: [String]) throws {
        #expect(try names(parameters) == expected)
    }

    @Test("admins are read in order, logged in or not")
    func admins() throws {
        #expect(try list("num=0;admin=3;admin2=c;admin0=a;admin1=b;adminX=d,")?.admins == ["a", "b", "c"])
    }

    @Test("each user's color stands beside the key")
    func colors() throws {
        let list = try list("num=2;admin=0;0=b;color0=#00F;1=a;color1=#F00;2=b;color2=#00F;color=#123,")
        #expect(list?.users.map(\.color) == ["#F00", "#00F"])
    }

    @Test("a reader from 0 and a reader from 1 both get everybody once", arguments: 0...12)
    func bothReaders(_ count: Int) throws {
        let list = UserList(users: (0..<count).map { .init(nickname: "user\($0)") }, admins: ["root"])
        let time = Timestamp(unixMilliseconds: 0).wireTime
        let message = try Message(text: Response(time: time, body: .users(list)).text(.none))
        let num = try #require(message.parameters["num"].flatMap { Int($0) })
        #expect(num == count)
        let names = Set(list.users.map(\.nickname))
        #expect(Set((0..<num).compactMap { message.parameters[String($0)] }) == names)
        #expect(Set((0..<num).compactMap { message.parameters[String($0 + 1)] }) == names)
        #expect(try Response(message).body == .users(list))
    }

    @Test("what is encoded is decoded to the same", arguments: UInt64(0)..<50)
    func roundTrip(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let list = UserList(
            users: (0..<Int.random(in: 0...30, using: &generator)).map { number in
                .init(nickname: "\(number)\(generator.text(upTo: 8))", color: generator.text(upTo: 7))
            },
            admins: (0..<Int.random(in: 0...5, using: &generator)).map { _ in generator.text(upTo: 8) }
        )
        let response = Response(at: ResponseTests.moment, .users(list))
        #expect(try Response(text: response.text(.netstring)) == response)
    }

    @Test("a list that fits is left as it is")
    func fits() {
        let list = UserList(users: [.init(nickname: "ann"), .init(nickname: "bob")], admins: ["root"])
        #expect(list.fitted(maximumBytes: Limits.unframedMessageBytes) == list)
        #expect(UserList(users: [], admins: []).fitted(maximumBytes: 0) == UserList(users: [], admins: []))
    }

    @Test("as many users as fit are listed, and no more", arguments: UInt64(0)..<60)
    func fitted(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let userCount = [0, 5, 60, 150, 400].randomElement(using: &generator) ?? 0
        let adminCount = [0, 1, 20, 300].randomElement(using: &generator) ?? 0
        let list = UserList(
            users: (0..<userCount).map { .init(nickname: "n\($0)\(generator.text(upTo: 14))", color: "#FFF") },
            admins: (0..<adminCount).map { "a\($0)\(generator.text(upTo: 14))" }
        )
        let maximum = Int.random(in: 200...2048, using: &generator)
        func size(_ list: UserList) -> Int {
            Response(time: ResponseTests.moment.wireTime, body: .users(list)).text(.none).utf8.count
        }
        let fitted = list.fitted(maximumBytes: maximum)
        #expect(size(fitted) <= maximum)
        #expect(list.users.starts(with: fitted.users))
        #expect(list.admins.starts(with: fitted.admins))
        if size(list) <= maximum - 4 { #expect(fitted == list) }
        // Two more of those who are missing would not have fitted, whoever they
        // are: the last user counts twice, and counts have digits.
        if fitted.users.count + 1 < list.users.count {
            let more = UserList(users: Array(list.users.prefix(fitted.users.count + 2)), admins: fitted.admins)
            #expect(size(more) > maximum - 4)
        }
    }
}
