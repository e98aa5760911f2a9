/// One ban in the answer to BANS.
public struct BanEntry: Hashable, Sendable {
    /// The nickname that is banned.
    public var nickname: String
    /// When the ban ends, in milliseconds since the Unix epoch; nil for never.
    public var until: Int64?
    /// The nickname of the admin who banned it.
    public var admin: String
    /// The admin's reason.
    public var reason: String

    /// Creates an entry.
    public init(nickname: String, until: Int64?, admin: String, reason: String) {
        self.nickname = nickname
        self.until = until
        self.admin = admin
        self.reason = reason
    }
}

extension [BanEntry] {
    /// Reads the numbered keys, skipping entries without a nickname.
    init(_ parameters: Parameters) {
        var entries: [Int: BanEntry] = [:]
        func change(_ index: Int, _ body: (inout BanEntry) -> Void) {
            body(&entries[index, default: BanEntry(nickname: "", until: nil, admin: "", reason: "")])
        }
        for pair in parameters.pairs {
            if let index = UserList.index(pair.key, after: "user") {
                change(index) { $0.nickname = pair.value }
            } else if let index = UserList.index(pair.key, after: "until") {
                change(index) { $0.until = Int64(pair.value) }
            } else if let index = UserList.index(pair.key, after: "by") {
                change(index) { $0.admin = pair.value }
            } else if let index = UserList.index(pair.key, after: "why") {
                change(index) { $0.reason = pair.value }
            }
        }
        self = entries.filter { !$0.value.nickname.isEmpty }.sorted { $0.key < $1.key }.map(\.value)
    }

    func write(to sink: inout ByteSink) {
        sink.parameter("num", count)
        for (index, ban) in enumerated() {
            let number = index + 1
            sink.parameter("user", number, ban.nickname)
            if let until = ban.until { sink.parameter("until", number, String(until)) }
            sink.parameter("by", number, ban.admin)
            if !ban.reason.isEmpty { sink.parameter("why", number, ban.reason) }
        }
    }
}
