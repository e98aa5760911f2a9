internal import ChatProtocol

/// Bans: the requests of admins, and the server's answers.
extension Session {
    /// The most bans named in one notice.
    private static var listedBans: Int { 200 }

    mutating func ban(_ user: String, for term: BanTerm, reason: String) {
        guard !user.isEmpty else { return notice("Say whom: /ban NICK 2h reason", isFailure: true) }
        ask(.kick(KickRequest(user: user, reason: reason, ban: term)))
    }

    mutating func unban(_ user: String) {
        guard !user.isEmpty else { return notice("Say whom: /unban NICK", isFailure: true) }
        ask(.unban(user: user))
    }

    mutating func listBans() {
        ask(.bans)
    }

    /// Sends a request that only a server of our kind understands.
    ///
    /// An original server would treat a ban as a kick, and words it does not know crash its thread.
    private mutating func ask(_ request: Request) {
        guard online != nil else { return notConnected() }
        guard isFramed else {
            let words = "This server is of the original kind, which knows no bans: /kick is all it has."
            return notice(words, isFailure: true)
        }
        guard unansweredBans < Self.unansweredLimit else {
            return notice("The server has not answered the requests before this one: try again.", isFailure: true)
        }
        unansweredBans += 1
        emit(.send(request))
    }

    mutating func receivedBans(_ confirmation: Confirmation) {
        // An original server never sends this kind of answer, so somebody else wrote it.
        guard isFramed else { return }
        unansweredBans = max(0, unansweredBans - 1)
        var lines = [withLocalEnd(Self.withoutErrorMark(confirmation.text), confirmation.until)]
        for ban in confirmation.bans.prefix(Self.listedBans) { lines.append(line(of: ban)) }
        let more = confirmation.bans.count - Self.listedBans
        if more > 0 { lines.append("and \(more) more") }
        notice(lines.joined(separator: "\n"), isFailure: confirmation.isFailure)
    }

    /// One line about a ban in a list.
    private func line(of ban: BanEntry) -> String {
        let until = ban.until.map { "until \(localTime($0))" }
        let reason = SafeText(line: ban.reason)
        let why = reason.text.isEmpty ? "" : ": \(reason)"
        return "\(SafeText(line: ban.nickname)) \(until ?? "for ever"), by \(SafeText(line: ban.admin))\(why)"
    }

    /// The server's words about a ban, with its end in the user's local time.
    ///
    /// The server writes the end in UTC. The words may name other moments, too, and may one day leave this one out.
    func withLocalEnd(_ words: String, _ end: Int64?) -> String {
        guard let end else { return words }
        let utc = "\(Self.text(Timestamp(unixMilliseconds: end).wireTime)) UTC"
        return words.contains(utc)
            ? words.replacing(utc, with: localTime(end)) : "\(words) (until \(localTime(end)))"
    }

    /// A moment in the user's local time, marked as such because the server's sentences use UTC.
    private func localTime(_ moment: Int64) -> String {
        let time = Timestamp(unixMilliseconds: moment, utcOffsetSeconds: now.utcOffsetSeconds).wireTime
        return "\(Self.text(time).dropLast(3)) local time"
    }

    private static func text(_ time: WireTime) -> String {
        let digits = time.description
        return "\(digits.prefix(10)) \(digits.dropFirst(11).replacing("-", with: ":"))"
    }
}
