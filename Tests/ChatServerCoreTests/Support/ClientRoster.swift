internal import ChatProtocol

/// The user list as a framed client keeps it.
enum ClientRoster {
    struct User: Equatable {
        var color: String
        var isAdmin: Bool
    }
}

extension [String: ClientRoster.User] {
    /// Follows a response that came live.
    mutating func apply(_ body: Response.Body) {
        switch body {
        case .users(let list):
            let admins = Set(list.admins)
            self = [:]
            for user in list.users {
                self[user.nickname] = Value(color: user.color ?? "", isAdmin: admins.contains(user.nickname))
            }
        case .info(let info):
            switch info.event {
            case .join(let color, let isAdmin): self[info.sender] = Value(color: color, isAdmin: isAdmin)
            case .leave: self[info.sender] = nil
            case .kick(let user): self[user] = nil
            case .update(let previous, let color, let isAdmin):
                self[previous] = nil
                self[info.sender] = Value(color: color, isAdmin: isAdmin)
            case nil: break
            }
        default: break
        }
    }
}
