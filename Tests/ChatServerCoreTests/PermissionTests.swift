internal import ChatProtocol
internal import Testing

@testable import ChatServerCore

@Suite("Permissions")
struct PermissionTests {
    /// What each standing may, from least to most.
    static let table: [(Permission, [Standing])] = [
        (.logIn, [.stranger]),
        (.ping, [.stranger, .guest, .member, .admin]),
        (.chat, [.guest, .member, .admin]),
        (.changeAppearance, [.guest, .member, .admin]),
        (.readHistory, [.guest, .member, .admin]),
        (.listUsers, [.guest, .member, .admin]),
        (.leave, [.guest, .member, .admin]),
        (.register, [.guest]),
        (.changePassword, [.member, .admin]),
        (.kick, [.admin]),
        (.ban, [.admin]),
        (.unban, [.admin]),
        (.listBans, [.admin]),
    ]

    @Test("each role may what the table says, and nothing else", arguments: table, Standing.allCases)
    func roles(_ row: (permission: Permission, standings: [Standing]), _ standing: Standing) {
        #expect(Permissions.allows(row.permission, to: standing) == row.standings.contains(standing))
    }

    @Test("the table names every permission")
    func completeness() {
        #expect(Set(Self.table.map(\.0)) == Set(Permission.allCases))
    }

    /// A request, and what a stranger, a guest, a member and an admin hear first.
    struct Row: CustomTestStringConvertible {
        let request: String
        let answers: [String]

        var testDescription: String { request }
    }

    private static let noLogin =
        "CONVER Error: Unknown connection attempt. Expected: 'CON,nickname,password,color'"
    private static let noAdmin = "Error: Must be an admin to perform that action."

    /// Every request by every role.
    static let requests: [Row] = [
        Row(
            request: "CON,nickname=zoe;password=;color=#FFF;framing=netstring,",
            answers: ["CONVER OK, framed"] + Array(repeating: "ERR Error: Already logged in.", count: 3)
        ),
        Row(
            request: "CHAT,rec=nobody,x",
            answers: [noLogin] + Array(repeating: "ERR Error: nobody Unrecognized recipient.", count: 3)
        ),
        Row(
            request: "UPDATE,color=#ABC,",
            answers: [noLogin] + Array(repeating: "CONFIRM UPDATE OK", count: 3)
        ),
        Row(
            request: "UPDATE,password=new and more,",
            answers: [noLogin] + Array(repeating: "CONFIRM UPDATE OK", count: 3)
        ),
        Row(
            request: "REF,since=99,",
            answers: [noLogin] + Array(repeating: "CONFIRM REF Resending messages... [no more]", count: 3)
        ),
        Row(
            request: "USER,,",
            answers: [
                noLogin, "USER asker#FFFFFF; admins admin root", "USER mia#FFFFFF; admins admin root",
                "USER root#FFFFFF; admins admin root",
            ]
        ),
        Row(
            request: "DISCON,,",
            answers: [noLogin] + Array(repeating: "CONFIRM DISCON Disconnected Successfully.", count: 3)
        ),
        Row(
            request: "KICK,user=nobody,x",
            answers: [noLogin, "ERR \(noAdmin)", "ERR \(noAdmin)", "ERR Error: nobody is not in the chat."]
        ),
        Row(
            request: "KICK,user=nobody;ban=forever,x",
            answers: [
                noLogin, "CONFIRM KICK \(noAdmin)", "CONFIRM KICK \(noAdmin)",
                "CONFIRM KICK nobody is banned for ever.",
            ]
        ),
        Row(
            request: "UNBAN,user=nobody,",
            answers: [
                noLogin, "CONFIRM UNBAN \(noAdmin)", "CONFIRM UNBAN \(noAdmin)",
                "CONFIRM UNBAN Error: nobody is not banned.",
            ]
        ),
        Row(
            request: "BANS,,",
            answers: [
                noLogin, "CONFIRM BANS \(noAdmin)", "CONFIRM BANS \(noAdmin)", "CONFIRM BANS Nobody is banned.",
            ]
        ),
        Row(request: "PING,,x", answers: Array(repeating: "PONG x", count: 4)),
    ]

    @Test("each request is answered as the role allows", arguments: requests)
    func byRequest(_ row: Row) {
        let logins: [(nickname: String, password: String)?] = [nil, ("asker", ""), ("mia", "pass"), ("root", "toor")]
        for (login, answer) in zip(logins, row.answers) {
            var scene = Scene()
            if let login {
                scene.join("asker", as: login.nickname, password: login.password)
            } else {
                scene.open("asker")
            }
            scene.clear()
            scene.send("asker", row.request)
            #expect(scene.read("asker").first == answer, "\(login?.nickname ?? "a stranger")")
        }
    }
}
