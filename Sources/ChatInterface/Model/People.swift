internal import ChatProtocol
internal import ChatSession

/// Who is in the chat, who spoke lately, and who of them is the reader.
struct People: Sendable {
    /// Who somebody means by what they typed.
    enum Resolution: Hashable, Sendable {
        /// This one, who is here.
        case member(Roster.Member)
        /// Nobody in the list.
        case nobody
        /// More than one who look the same.
        case ambiguous
    }

    /// Own nickname, as the server confirmed it or as it will be asked for.
    private(set) var nickname: String?
    /// Own nickname, safe to show.
    private(set) var name: SafeText?
    /// Own color, once the server confirmed it.
    private(set) var color: ChatColor?
    private var mention: Mention?
    var roster = Roster() {
        didSet { colorsByName = nil }
    }
    private var colorsByName: [SafeText: ChatColor]?
    /// Who spoke, the latest first.
    private(set) var speakers: [SafeText] = []

    /// More than anyone remembers.
    private static let mostSpeakers = 50

    /// Sets a nickname that the server has not confirmed yet.
    mutating func offer(_ nickname: String) {
        self.nickname = nickname
        name = SafeText(line: nickname)
        mention = Mention(of: nickname)
    }

    /// Sets what the server confirmed.
    mutating func confirm(_ nickname: String, _ color: ChatColor) {
        offer(nickname)
        self.color = color
    }

    /// Whether a text from somebody else names the reader.
    func isMentioned(in entry: TimelineEntry) -> Bool {
        guard case .chat(_, .everyone, _, isOwn: false) = entry.kind, let mention else { return false }
        return mention.isFound(in: entry.text)
    }

    /// Somebody just spoke.
    mutating func noteSpeaker(_ name: SafeText) {
        if speakers.first == name { return }
        speakers.removeAll { $0 == name }
        speakers.insert(name, at: 0)
        if speakers.count > Self.mostSpeakers { speakers.removeLast() }
    }

    /// Somebody spoke before all others known.
    mutating func noteEarlierSpeaker(_ name: SafeText) {
        guard speakers.count < Self.mostSpeakers, !speakers.contains(name) else { return }
        speakers.append(name)
    }

    /// The color of somebody who is here, where it is known.
    mutating func color(of name: SafeText) -> ChatColor? {
        if name == self.name, let color { return color }
        if colorsByName == nil {
            var colors: [SafeText: ChatColor] = [:]
            for member in roster.members { colors[member.name] = member.color }
            colorsByName = colors
        }
        return colorsByName?[name]
    }

    /// Finds who is meant: the very nickname first, then one that looks the
    /// same, then one in another case or compatibility form.
    func resolve(_ typed: String) -> Resolution {
        if let exact = roster.members.first(where: { $0.nickname == typed }) {
            return .member(exact)
        }
        let key = NicknameKey(typed)
        let alike = roster.members.filter { $0.name.text == typed }
        let matches = alike.isEmpty ? roster.members.filter { NicknameKey($0.name.text) == key } : alike
        guard let match = matches.first else { return .nobody }
        return matches.count == 1 ? .member(match) : .ambiguous
    }

    /// What Tab chooses from.
    var completionSources: Completion.Sources {
        Completion.Sources(
            speakers: speakers.map(\.text),
            members: roster.members.filter { !$0.isOwn }.map(\.name.text),
            ownColor: color?.text
        )
    }
}
