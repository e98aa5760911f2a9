internal import ChatProtocol
internal import ChatServerCore
internal import Testing

@Suite("registeredUsers.txt")
struct RegisteredUsersFileTests {
    @Test(
        "is read whatever small liberties it takes",
        arguments: [
            "admin,secret,\nroot,toor,", "admin,secret\nroot,toor", "admin,secret,x,y\nroot,toor,#FFF,\n",
            "admin,secret\n\n  \nroot , toor ,\n",
        ]
    )
    func tolerant(text: String) throws {
        let users = try RegisteredUsersFile.users(in: text)
        #expect(users.map(\.nickname.text) == ["admin", "root"])
        #expect(users.map(\.password) == ["secret", "toor"])
        #expect(users.allSatisfy { $0.role == .admin })
    }

    @Test("an empty file registers nobody", arguments: ["", "\n"])
    func empty(text: String) throws {
        #expect(try RegisteredUsersFile.users(in: text).isEmpty)
    }

    @Test(
        "a line that names no user is named, its content is not",
        arguments: [
            ("admin,secret\nroot", 2, "expected name,password"), ("admin,", 1, "the password is empty"),
            ("\n\n9lives,cat", 3, "the name does not start with a letter"),
            ("a,b", 1, "the name is not 2 to 16 characters long"),
        ]
    )
    func faults(text: String, line: Int, problem: String) throws {
        let error = #expect(throws: RegisteredUsersError.self) { try RegisteredUsersFile.users(in: text) }
        #expect(error?.description == "line \(line): \(problem)")
    }
}
