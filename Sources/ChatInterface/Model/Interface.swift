public import ChatProtocol
internal import ChatSession

/// The whole user interface as a value: events go in, effects and a screen come out.
///
/// ``update(_:at:)`` is cheap, however much arrives: only ``view()`` lays out the visible part. So many updates cost
/// just one layout.
public struct Interface: Sendable {
    /// The settings that an interface needs from the start.
    public struct Configuration: Sendable {
        /// The width of the terminal in cells.
        public var columns: Int
        /// The height of the terminal in cells.
        public var rows: Int
        /// The looks of everything on the screen.
        public var theme: Theme
        /// The characters for the screen's own decorations.
        public var glyphs: GlyphSet
        /// How times are shown.
        public var timeDisplay: TimeDisplay
        /// The server as the user named it, such as `home.example:6666`.
        public var serverName: String
        /// The nickname to offer on the login screen; nil if there is none yet.
        public var nickname: String?
        /// The color to offer on the login screen; nil to derive it from the nickname.
        public var color: ChatColor?
        /// Whether the list of people is shown at first, if there is room.
        public var showsSidebar: Bool
        /// Lines to show below the restored history, which would otherwise push them out of view.
        public var greeting: [SafeText]

        /// Creates a configuration.
        public init(
            columns: Int,
            rows: Int,
            theme: Theme = Theme(),
            glyphs: GlyphSet = .unicode,
            timeDisplay: TimeDisplay = .minutes,
            serverName: String,
            nickname: String? = nil,
            color: ChatColor? = nil,
            showsSidebar: Bool = true,
            greeting: [SafeText] = []
        ) {
            self.columns = columns
            self.rows = rows
            self.theme = theme
            self.glyphs = glyphs
            self.timeDisplay = timeDisplay
            self.serverName = serverName
            self.nickname = nickname
            self.color = color
            self.showsSidebar = showsSidebar
            self.greeting = greeting
        }
    }

    /// The person who alone gets what is typed.
    struct Target: Hashable, Sendable {
        let nickname: String
        let name: SafeText

        /// A person by the nickname as it was typed or received.
        init(_ nickname: String) {
            self.nickname = nickname
            name = SafeText(line: nickname)
        }
    }

    let theme: Theme
    let glyphs: GlyphSet
    let timeDisplay: TimeDisplay
    let serverName: SafeText

    var size: ScreenSize
    var now = Timestamp(unixMilliseconds: 0)
    var connection = ConnectionDisplay()
    var people = People()
    var pane = MessagePane()
    var prompt = Prompt()
    /// The person who gets what is typed; nil for everyone, see ``turn(to:)``.
    var target: Target?
    var doubts = Doubts()
    var login: LoginForm?
    /// A request of the session that nothing was opened for yet.
    var waitingRequest: SessionRequest?
    /// Whether the screen has shown where keys go; keys pressed before that are ignored.
    var isFocusShown = true
    /// Whether the last key submitted a password.
    var isPasswordSubmitted = false
    /// Whether the reader's nickname is registered.
    var isRegistered = false
    /// Whether the reader was told that the terminal sends unreadable bytes.
    var isToldUnreadable = false
    var help: HelpOverlay?
    var sidebar = Sidebar()
    var colors = Palette.Cache()
    /// The lines that are still to be shown.
    var greeting: [SafeText]
    /// Until when a second Ctrl-C ends the program, in milliseconds.
    var interruptDeadline: Int64?
    /// The nickname and color in the preferences, or those given instead.
    var remembered: (nickname: String?, color: ChatColor?)

    /// Creates an interface that shows an empty chat until the session says more.
    public init(_ configuration: Configuration) {
        theme = configuration.theme
        glyphs = configuration.glyphs
        timeDisplay = configuration.timeDisplay
        serverName = SafeText(line: configuration.serverName)
        size = ScreenSize(columns: configuration.columns, rows: configuration.rows)
        remembered = (configuration.nickname, configuration.color)
        sidebar.isWanted = configuration.showsSidebar
        greeting = configuration.greeting
        if let nickname = configuration.nickname { people.offer(nickname) }
    }

    /// Handles one event and says what to do about it.
    ///
    /// - Parameters:
    ///   - event: What happened.
    ///   - now: The time of the event, with the offset of local time, in which times are shown.
    /// - Returns: What to do, in order.
    public mutating func update(_ event: InterfaceEvent, at now: Timestamp) -> [InterfaceEffect] {
        self.now = now
        switch event {
        case .terminal(let event): return update(event)
        case .session(let update):
            let focus = focus
            defer { if self.focus != focus { isFocusShown = false } }
            return handle(update.withLocalTimes(utcOffsetSeconds: now.utcOffsetSeconds))
        case .tick: return []
        case .interrupt: return interrupt()
        }
    }

    /// Whether something on the screen changes by itself; otherwise no tick is needed.
    public var isCountingDown: Bool { isQuitOffered || connection.secondsLeft(at: now) > 0 }
}

/// The size of the terminal, limited to what can be drawn.
struct ScreenSize: Hashable, Sendable {
    let columns: Int
    let rows: Int

    /// The bounds of a size: no screen is larger, so more is a terminal's mistake, and would cost memory.
    private static let bounds = 0...2000

    init(columns: Int, rows: Int) {
        self.columns = min(max(columns, Self.bounds.lowerBound), Self.bounds.upperBound)
        self.rows = min(max(rows, Self.bounds.lowerBound), Self.bounds.upperBound)
    }

    /// Whether the chat fits into it.
    var isUsable: Bool { columns >= Self.fewestColumns && rows >= Self.fewestRows }

    static let fewestColumns = 20
    static let fewestRows = 4
}
