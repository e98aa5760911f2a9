internal import ChatProtocol

/// What the room says about bans.
extension Phrases {
    static let banSelf = Fault(.userIsSelf, "You can't ban yourself")
    static let tooManyBans = Fault(
        .tooManyBans,
        "There are \(RoomLimits.bans) bans already. Lift one first"
    )
    static let nicknameBanned = Fault(.banned, "Username is banned")

    static func banAdmin(_ name: String) -> Fault {
        Fault(.userIsAdmin, "\(name) is an admin, whom only the operator of the server can shut out")
    }

    static func notBanned(_ name: String) -> Fault { Fault(.notBanned, "\(clipped(name)) is not banned") }

    /// A refusal at login.
    static func banned(_ ban: Ban) -> Fault {
        Fault(.banned, "You are banned \(until(ban.expires))\(why(ban.reason))", until: ban.expires)
    }

    static func addressBanned(_ ban: Ban) -> Fault {
        let text = "Guests from your address are banned \(until(ban.expires))\(why(ban.reason))"
        return Fault(.banned, text, until: ban.expires)
    }

    /// The last message to a user who is thrown out; clients recognize a kick by how it starts.
    static func kicked(_ reason: String, _ ban: Ban) -> String {
        "You have been kicked and banned \(until(ban.expires))\(why(reason))"
    }

    static func kickedAndBanned(_ nickname: String, by admin: String) -> String {
        "\(nickname) has been kicked and banned by \(admin)"
    }

    static func confirmed(_ ban: Ban, inPlaceOf replaced: Ban?) -> String {
        let text = "\(ban.nickname.text) is banned \(until(ban.expires))."
        guard let replaced else { return text }
        return "\(text) That takes the place of the ban \(until(replaced.expires)) by \(replaced.admin)."
    }

    static func unbanned(_ name: String) -> String { "\(clipped(name)) may come back." }

    /// Says that something was done, but will be forgotten at the next start.
    static func onlyInMemory(_ text: String) -> Fault {
        Fault(
            .storeFailed,
            "\(text) But that could not be stored, and holds only until the server is restarted"
        )
    }

    static func count(of bans: [Ban]) -> String {
        switch bans.count {
        case 0: "Nobody is banned."
        case 1: "1 ban."
        default: "\(bans.count) bans."
        }
    }

    /// The bans, one line each, for clients that get no keys.
    ///
    /// If there was not room for all of them, it says how many are left out.
    static func list(of bans: [Ban]) -> String {
        var text = count(of: bans)
        for (index, ban) in bans.enumerated() {
            let line = "\n\(ban.nickname.text) \(until(ban.expires)), by \(ban.admin)\(why(ban.reason))"
            guard text.utf8.count + line.utf8.count <= RoomLimits.unframedBansBytes else {
                return text + "\n… and \(bans.count - index) more."
            }
            text += line
        }
        return text
    }

    /// When a ban ends, in UTC, because users do not know the server's time zone.
    static func until(_ expiry: Int64?) -> String {
        guard let expiry else { return "for ever" }
        let time = WireTime(localMilliseconds: expiry)
        let digits = time.description.split(separator: " ")
        let clock = digits.last.map { $0.replacing("-", with: ":") } ?? ""
        return "until \(digits.first ?? "") \(clock) UTC"
    }

    private static func why(_ reason: String) -> String { reason.isEmpty ? "" : ": \(reason)" }
}
