internal import ChatProtocol
internal import Testing

@testable import ChatServerCore

@Suite("What original clients can read")
struct OriginalReaderTests {
    /// All texts of two and three characters out of those that mean something
    /// to a header, and letters.
    static let nicknames: [String] = {
        let characters = [",", ";", "=", "/", "a", "B"]
        let pairs = characters.flatMap { first in characters.map { first + $0 } }
        return pairs + pairs.flatMap { pair in characters.map { pair + $0 } }
    }()

    @Test("the model of an original client falls silent where a real one does")
    func model() {
        #expect(OriginalReader.read("CHATR,time=T;sender=ab//;rec=-ALL;color=#FFF,hi") == nil)
        #expect(OriginalReader.read("USER,time=T;num=2;admin=0;0=ab//;1=ann,") == nil)
        let list = OriginalReader.read("USER,time=T;num=1;admin=0;0=ann,")
        #expect(list.flatMap { OriginalReader.users(of: $0) } == ["ann"])
        #expect(OriginalReader.read("INFO,sender=foo/,bar,hi")?["sender"] == "foo,bar")
        #expect(OriginalReader.read("INFO,sender=a///;/=b,hi")?["sender"] == "a/;=b")
        // Two slashes in a row become one: somebody else's nickname.
        #expect(OriginalReader.read("INFO,sender=a////b,hi")?["sender"] == "a/b")
    }

    @Test("no nickname silences an original client, and each is read as it is")
    func guests() throws {
        var accepted = 0
        for nickname in Self.nicknames {
            var scene = Scene()
            scene.join("reader", .none)
            scene.join("x", as: nickname)
            scene.send("x", "CHAT,rec=-ALL,hi")
            scene.send("x", "UPDATE,color=#123456,")
            scene.join("y", as: "zz")
            scene.send("y", "UPDATE,nickname=\(nickname.wire),")
            scene.send("y", "CHAT,rec=reader,psst")
            let isAdmitted = scene.views["x"]?.isAdmitted == true
            if isAdmitted { accepted += 1 }
            let isReadable = !nickname.contains { ",;/".contains($0) } && nickname.first?.isLetter == true
            #expect(isAdmitted == isReadable, "\(nickname)")
            for parameters in try Self.read("reader", in: scene) {
                guard let sender = parameters["sender"], let text = parameters["rec"], text == "-ALL" else { continue }
                #expect(sender == nickname)
            }
        }
        #expect(accepted == 24)
    }

    @Test("accounts with such a nickname from before silence nobody, and can be written to", arguments: ["ab/", "a//"])
    func accounts(_ nickname: String) throws {
        var scene = Scene()
        scene.editAccounts { $0.add(nickname, password: "pass", .admin) }
        scene.join("reader", .none)
        scene.join("x", as: nickname, password: "pass")
        scene.send("x", "CHAT,rec=-ALL,hi")
        scene.send("x", "CHAT,rec=reader,psst")
        let messages = try Self.read("reader", in: scene)
        let senders = messages.compactMap { $0["rec"] == nil ? nil : $0["sender"] }
        #expect(senders.count == 2)
        let users = messages.last { $0["num"] != nil }.flatMap { OriginalReader.users(of: $0) }
        #expect(users?.count == 2)
        // What it shows as a nickname it writes to.
        let shown = try #require(senders.last)
        scene.clear()
        scene.send("reader", "CHAT,rec=\(shown.wire),back")
        let isExact = nickname == "ab/"
        if isExact { #expect(scene.read("x") == ["CHATR 5 reader -> ab/: back"]) }
        scene.send("x", "DISCON,,")
        _ = try Self.read("reader", in: scene)
    }

    /// What an original client makes of all that a connection got.
    private static func read(_ label: String, in scene: Scene) throws -> [[String: String]] {
        try (scene.views[label]?.responses ?? []).flatMap { $0.unframedParts() }.map { part in
            var bytes: [UInt8] = []
            part.encode(into: &bytes, framing: .none)
            let message = String(decoding: bytes, as: UTF8.self)
            let parameters = try #require(OriginalReader.read(message), "\(message)")
            if message.hasPrefix("USER") { _ = try #require(OriginalReader.users(of: parameters), "\(message)") }
            return parameters
        }
    }
}

extension String {
    /// With a slash before each character that means something to a header.
    fileprivate var wire: String {
        map { ",;=/".contains($0) ? "/\($0)" : "\($0)" }.joined()
    }
}
