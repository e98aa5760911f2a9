internal import ChatProtocol

/// The event of an INFO, which only framed clients get, stored in four columns.
struct StoredEvent: Hashable, Sendable {
    /// The values of the `event` column; existing values never change, new ones may be added.
    enum Kind: Int64 {
        case join = 0
        case leave = 1
        case kick = 2
        case update = 3
    }

    /// The kind of event; nil if the INFO has none.
    var kind: Int64?
    /// The user who was kicked, or the previous nickname.
    var other: String?
    var color: String?
    var isAdmin: Bool?

    init(kind: Int64?, other: String?, color: String?, isAdmin: Bool?) {
        self.kind = kind
        self.other = other
        self.color = color
        self.isAdmin = isAdmin
    }

    init(_ event: Info.Event?) {
        switch event {
        case nil:
            self.init(kind: nil, other: nil, color: nil, isAdmin: nil)
        case .join(let color, let isAdmin):
            self.init(kind: Kind.join.rawValue, other: nil, color: color, isAdmin: isAdmin)
        case .leave:
            self.init(kind: Kind.leave.rawValue, other: nil, color: nil, isAdmin: nil)
        case .kick(let user):
            self.init(kind: Kind.kick.rawValue, other: user, color: nil, isAdmin: nil)
        case .update(let previous, let color, let isAdmin):
            self.init(kind: Kind.update.rawValue, other: previous, color: color, isAdmin: isAdmin)
        }
    }

    /// The event in the columns; nil if there is none, or if this version does not know it.
    var event: Info.Event? {
        switch kind.flatMap(Kind.init) {
        case nil: nil
        case .join: .join(color: color ?? "", isAdmin: isAdmin ?? false)
        case .leave: .leave
        case .kick: .kick(user: other ?? "")
        case .update: .update(previous: other ?? "", color: color ?? "", isAdmin: isAdmin ?? false)
        }
    }
}
