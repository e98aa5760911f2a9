internal import ChatProtocol

/// The texts with which Tab can replace what is before the cursor.
struct Completion: Hashable, Sendable {
    /// Where the candidates come from.
    struct Sources: Hashable, Sendable {
        /// The people who spoke, the latest first; some may have left.
        var speakers: [String] = []
        /// The people who are here, in the order of the user list, without the reader.
        var members: [String] = []
        /// The reader's color as it was typed.
        var ownColor: String?
    }

    /// How many characters before the cursor are replaced.
    var replacedCount: Int
    /// The texts that can replace them, the likeliest first; never empty.
    var candidates: [String]

    /// Finds the candidates for the text before the cursor; nil if there are none.
    ///
    /// - Parameters:
    ///   - before: The text up to the cursor.
    ///   - isBeforeSpace: Whether white space follows the cursor, so that none has to be added.
    ///   - sources: Where the candidates come from.
    init?(of before: String, isBeforeSpace: Bool, from sources: Sources) {
        if before.hasPrefix("/"), !before.hasPrefix("//") {
            let name = before.dropFirst().prefix { !$0.isWhitespace }
            if name.count == before.count - 1 {
                self.init(commandsStartingWith: String(name), isBeforeSpace: isBeforeSpace)
                return
            }
            if let command = SlashCommand(named: name) {
                let text = before.dropFirst(name.count + 1)
                self.init(argumentOf: command, text: text, isBeforeSpace: isBeforeSpace, from: sources)
                return
            }
        }
        self.init(wordIn: before[...], isLineStart: true, isBeforeSpace: isBeforeSpace, from: sources)
    }

    private init?(_ candidates: [String], replacing typed: some StringProtocol) {
        guard !candidates.isEmpty else { return nil }
        self.replacedCount = typed.count
        self.candidates = candidates
    }

    private init?(commandsStartingWith typed: String, isBeforeSpace: Bool) {
        let candidates = SlashCommand.allCases.filter { $0.rawValue.hasPrefix(typed.lowercased()) }
        let space = isBeforeSpace ? "" : " "
        self.init(
            candidates.map { $0.name + ($0.specification.arguments.isEmpty ? "" : space) },
            replacing: "/" + typed
        )
    }

    private init?(argumentOf command: SlashCommand, text: Substring, isBeforeSpace: Bool, from sources: Sources) {
        let arguments = command.specification.arguments
        let space = isBeforeSpace ? "" : " "
        var reader = ArgumentReader(text)
        var index = 0
        while index < arguments.count, !arguments[index].takesRest {
            let start = reader.rest.drop(while: \.isWhitespace)
            let typed = reader.next() ?? ""
            guard reader.rest.isEmpty, !Self.isClosed(start) else {
                index += 1
                continue
            }
            switch arguments[index].kind {
            case .nickname:
                let names = Self.nicknames(startingWith: typed, from: sources)
                self.init(names.map { ArgumentReader.quote($0) + space }, replacing: start)
            case .color:
                self.init(Self.colors(startingWith: typed, from: sources), replacing: start)
            case .command:
                let wanted = typed.lowercased().drop { $0 == "/" }
                let names = SlashCommand.allCases.map(\.rawValue).filter { $0.hasPrefix(wanted) }
                self.init(names, replacing: start)
            case .term:
                let terms = BanTerm.suggestions.filter { $0.hasPrefix(typed.lowercased()) }
                // A word that is not a term is the start of the reason.
                if terms.isEmpty {
                    self.init(wordIn: start, isLineStart: false, isBeforeSpace: isBeforeSpace, from: sources)
                } else {
                    self.init(terms.map { $0 + space }, replacing: start)
                }
            case .text:
                return nil
            }
            return
        }
        guard index < arguments.count, command != .nick else { return nil }
        self.init(wordIn: reader.rest, isLineStart: false, isBeforeSpace: isBeforeSpace, from: sources)
    }

    /// Whether a quoted argument has its closing quote already.
    private static func isClosed(_ argument: Substring) -> Bool {
        guard argument.hasPrefix("\"") else { return false }
        var isEscaped = false
        for character in argument.dropFirst() {
            if isEscaped {
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == "\"" {
                return true
            }
        }
        return false
    }

    /// Completes the last word of a text as a nickname.
    private init?(wordIn text: Substring, isLineStart: Bool, isBeforeSpace: Bool, from sources: Sources) {
        let word = String(text.reversed().prefix { !$0.isWhitespace }.reversed())
        let suffix =
            switch (isLineStart && word.count == text.count, isBeforeSpace) {
            case (true, true): ":"
            case (true, false): ": "
            case (false, true): ""
            case (false, false): " "
            }
        let names = Self.nicknames(startingWith: word, from: sources)
        self.init(names.map { $0 + suffix }, replacing: word)
    }

    /// The matching nicknames: first people here who spoke, then the others here, then people who spoke and have left.
    private static func nicknames(startingWith typed: String, from sources: Sources) -> [String] {
        let wanted = NicknameKey(typed).folded
        let here = Set(sources.members.map(NicknameKey.init))
        var seen: Set<NicknameKey> = []
        let present = sources.speakers.filter { here.contains(NicknameKey($0)) }
        return (present + sources.members + sources.speakers).filter { name in
            let key = NicknameKey(name)
            return key.folded.hasPrefix(wanted) && seen.insert(key).inserted
        }
    }

    private static func colors(startingWith typed: String, from sources: Sources) -> [String] {
        let wanted = typed.lowercased()
        var colors = NamedColor.allCases.map(\.rawValue)
        if let own = sources.ownColor { colors.insert(own, at: 0) }
        return colors.filter { $0.lowercased().hasPrefix(wanted) }
    }
}

/// Steps through the candidates when Tab is pressed again and again.
struct CompletionCycle: Hashable, Sendable {
    let candidates: [String]
    /// The index of the candidate in the line; nil before the first.
    private(set) var index: Int?
    /// How many characters before the cursor the next candidate replaces.
    private(set) var replacedCount: Int

    /// Starts a cycle with no candidate chosen yet.
    init(_ completion: Completion) {
        candidates = completion.candidates
        replacedCount = completion.replacedCount
    }

    /// The number of candidates.
    var count: Int { candidates.count }

    /// Chooses the next or the previous candidate.
    mutating func advance(forward: Bool) -> String {
        let next =
            switch (index, forward) {
            case (let index?, true): index + 1 < candidates.count ? index + 1 : 0
            case (let index?, false): index > 0 ? index - 1 : candidates.count - 1
            case (nil, true): 0
            case (nil, false): candidates.count - 1
            }
        guard candidates.indices.contains(next) else { return "" }
        index = next
        replacedCount = candidates[next].count
        return candidates[next]
    }
}
