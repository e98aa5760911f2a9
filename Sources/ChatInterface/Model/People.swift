internal import ChatProtocol
internal import ChatSession

/// The people in the chat, those who spoke lately, and which of them is the reader.
struct People: Sendable {
    /// The person a user means by a typed name.
    enum Resolution: Hashable, Sendable {
        /// This person, who is here.
        case member(Roster.Member)
        /// Nobody in the list has this name.
        case nobody
        /// Several people have names that look the same.
        case ambiguous
    }

    /// The reader's nickname, as the server confirmed it or as the login will ask for it.
    private(set) var nickname: String?
    /// The reader's nickname, safe to show.
    private(set) var name: SafeText?
    /// The reader's color, once the server confirmed it.
    private(set) var color: ChatColor?
    private var mention: Mention?
    var roster = Roster() {
        didSet { colorsByName = nil }
    }
    private var colorsByName: [SafeText: ChatColor]?
    /// The people who spoke, the latest first.
    private(set) var speakers: [SafeText] = []

    /// How many speakers are kept: more than anyone remembers.
    private static let mostSpeakers = 50

    /// Sets a nickname that the server has not confirmed yet.
    mutating func offer(_ nickname: String) {
        self.nickname = nickname
        name = SafeText(line: nickname)
        mention = Mention(of: nickname)
    }

    /// Sets the nickname and color that the server confirmed.
    mutating func confirm(_ nickname: String, _ color: ChatColor) {
        offer(nickname)
        self.color = color
    }

    /// Records that somebody has another nickname, before the next list says so.
    mutating func rename(from previous: SafeText, to person: Interface.Target) {
        guard let index = roster.members.firstIndex(where: { $0.name == previous }) else { return }
        roster.members[index].nickname = person.nickname
        roster.members[index].name = person.name
    }

    /// Whether an entry by somebody else mentions the reader.
    func isMentioned(in entry: TimelineEntry) -> Bool {
        guard case .chat(_, .everyone, _, isOwn: false) = entry.kind, let mention else { return false }
        return mention.isFound(in: entry.text)
    }

    /// Records that somebody just spoke.
    mutating func noteSpeaker(_ name: SafeText) {
        if speakers.first == name { return }
        speakers.removeAll { $0 == name }
        speakers.insert(name, at: 0)
        if speakers.count > Self.mostSpeakers { speakers.removeLast() }
    }

    /// Records that somebody spoke before all known speakers.
    mutating func noteEarlierSpeaker(_ name: SafeText) {
        guard speakers.count < Self.mostSpeakers, !speakers.contains(name) else { return }
        speakers.append(name)
    }

    /// The color of somebody who is here, if it is known.
    mutating func color(of name: SafeText) -> ChatColor? {
        if name == self.name, let color { return color }
        if colorsByName == nil {
            var colors: [SafeText: ChatColor] = [:]
            for member in roster.members { colors[member.name] = member.color }
            colorsByName = colors
        }
        return colorsByName?[name]
    }

    /// Finds the person that a typed name means.
    ///
    /// It tries the exact nickname first, then one that looks the same, then one in another case or compatibility form.
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

    /// The names from which Tab chooses.
    var completionSources: Completion.Sources {
        Completion.Sources(
            speakers: speakers.map(\.text),
            members: roster.members.filter { !$0.isOwn }.map(\.name.text),
            ownColor: color?.text
        )
    }
}
