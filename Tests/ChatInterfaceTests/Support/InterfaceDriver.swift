internal import ChatInterface
internal import ChatProtocol
internal import ChatSession

/// Drives an interface as the program does, with shorthands for what tests do often.
struct InterfaceDriver {
    var interface: Interface
    /// 2026-11-22 12:04:00 UTC until moved.
    var now = Timestamp(unixMilliseconds: 1_795_349_040_000)
    private var nextEntry = 1

    static let channel = SessionEvent.Channel(address: "home.example:6666", isEncrypted: true)

    /// Starts an interface that is online as `tester`, unless told otherwise.
    init(
        _ columns: Int = 80,
        _ rows: Int = 24,
        nickname: String? = "tester",
        isOnline: Bool = true,
        theme: Theme = Theme(),
        glyphs: GlyphSet = .unicode
    ) {
        interface = Interface(
            Interface.Configuration(
                columns: columns,
                rows: rows,
                theme: theme,
                glyphs: glyphs,
                serverName: "home.example:6666",
                nickname: nickname,
                color: nickname == nil ? nil : ChatColor("#D333FF")
            )
        )
        if isOnline {
            say(.status(.online(Self.channel, framing: .netstring, roundTripMilliseconds: 12)))
            say(.identity(nickname: nickname ?? "tester", color: .white))
        }
    }

    /// The rows of the screen.
    var screen: [String] {
        mutating get { interface.view().lines }
    }

    /// The screen as one text.
    var text: String {
        mutating get { interface.view().text }
    }

    @discardableResult
    mutating func send(_ event: InterfaceEvent) -> [InterfaceEffect] {
        interface.update(event, at: now)
    }

    @discardableResult
    mutating func say(_ update: SessionUpdate) -> [InterfaceEffect] {
        send(.session(update))
    }

    /// Presses a key, with the screen in view.
    @discardableResult
    mutating func press(_ key: KeyPress.Key, _ modifiers: KeyPress.Modifiers = []) -> [InterfaceEffect] {
        _ = interface.view()
        return send(.terminal(.key(KeyPress(key, modifiers))))
    }

    @discardableResult
    mutating func type(_ text: String) -> [InterfaceEffect] {
        text.flatMap { press(.character($0)) }
    }

    /// Types a line and presses Enter.
    @discardableResult
    mutating func enter(_ line: String) -> [InterfaceEffect] {
        type(line)
        return press(.enter)
    }

    @discardableResult
    mutating func paste(_ text: String) -> [InterfaceEffect] {
        _ = interface.view()
        return send(.terminal(.paste(text)))
    }

    mutating func resize(_ columns: Int, _ rows: Int) {
        send(.terminal(.resize(columns: columns, rows: rows)))
    }

    /// Moves the clock, with the ticks that come with it.
    mutating func wait(seconds: Int) {
        for _ in 0..<seconds {
            now = Timestamp(unixMilliseconds: now.unixMilliseconds + 1000, utcOffsetSeconds: now.utcOffsetSeconds)
            send(.tick)
        }
    }

    /// An entry of now, with the next number.
    mutating func entry(
        _ kind: TimelineEntry.Kind,
        _ text: String,
        place: Int? = nil,
        delivery: TimelineEntry.Delivery = .accepted
    ) -> TimelineEntry {
        defer { nextEntry += 1 }
        return TimelineEntry(
            id: .init(nextEntry),
            place: .init(epoch: delivery == .pending ? .max : 0, number: Int64(place ?? nextEntry)),
            time: now.wireTime,
            at: now.unixMilliseconds,
            kind: kind,
            text: SafeText(block: text),
            delivery: delivery
        )
    }

    /// Somebody says something.
    mutating func chat(_ sender: String, _ text: String, color: String? = "#88CC88") {
        let kind = Self.chat(from: sender, color: color)
        say(.appended([entry(kind, text)]))
    }

    static func chat(
        from sender: String,
        to recipient: String? = nil,
        color: String? = "#88CC88",
        isOwn: Bool = false
    ) -> TimelineEntry.Kind {
        .chat(
            sender: SafeText(line: sender),
            recipient: recipient.map { .user(SafeText(line: $0)) } ?? .everyone,
            color: color.flatMap { ChatColor($0) },
            isOwn: isOwn
        )
    }

    /// Somebody comes or goes.
    mutating func presence(_ name: String, joins: Bool) {
        let event: Info.Event = joins ? .join(color: "#FFFFFF", isAdmin: false) : .leave
        say(.appended([entry(.info(sender: SafeText(line: name), event: event), "\(name) moves")]))
    }

    mutating func roster(_ names: [String], admins: Set<String> = [], own: String = "tester") {
        let members = names.map {
            Roster.Member(nickname: $0, color: ChatColor("#88CC88"), isAdmin: admins.contains($0), isOwn: $0 == own)
        }
        say(.roster(Roster(members: members)))
    }
}
