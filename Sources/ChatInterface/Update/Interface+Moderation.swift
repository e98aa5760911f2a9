internal import ChatProtocol
internal import ChatSession

/// Commands for admins only.
extension Interface {
    /// Asks before somebody is thrown out.
    ///
    /// - Parameter ban: How long they may not come back; nil for a kick without a ban.
    mutating func askToKick(_ typed: String, for ban: BanTerm? = nil, reason: String) {
        guard mayModerate(with: ban == nil ? .kick : .ban) else { return }
        switch people.resolve(typed) {
        case .member(let member) where member.isOwn:
            fail("You can't \(ban == nil ? "kick" : "ban") yourself. \(SlashCommand.quit.name) leaves the chat.")
        case .member(let member) where member.isAdmin && ban != nil:
            fail("\(member.name) is an admin; only the operator of the server can ban admins.")
        case .member(let member):
            ask(.kick(Target(member.nickname), ban: ban, reason: reason, isHere: true))
        case .nobody where connection.framing == Framing.none:
            fail("\(SafeText(line: typed)) is not here. \(SlashCommand.users.name) lists who is.")
        case .nobody:
            ask(.kick(Target(typed), ban: ban, reason: reason, isHere: false))
        case .ambiguous:
            fail(Self.ambiguous(typed))
        }
    }

    private mutating func ask(_ question: Prompt.Question) {
        prompt.mode = .question(question)
    }

    /// Whether an admin's command can succeed; if not, says why before anything is asked.
    mutating func mayModerate(with command: SlashCommand) -> Bool {
        guard let framing = connection.framing else {
            fail("You are not connected: \(command.name) works when the server is back.")
            return false
        }
        if framing == .none, command != .kick {
            fail("This server is of the original kind, which knows no bans. \(SlashCommand.kick.name) is all it has.")
            return false
        }
        // The list may not be there yet; then the server decides.
        if people.roster.members.first(where: \.isOwn)?.isAdmin == false {
            fail("\(command.name) is for admins only.")
            return false
        }
        return true
    }
}
