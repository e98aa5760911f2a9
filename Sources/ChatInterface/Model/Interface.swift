public import ChatProtocol
internal import ChatSession

/// The whole user interface as a value: events go in, effects and a screen come out.
///
/// ``update(_:at:)`` is cheap, however much arrives: nothing is laid out until
/// ``view()`` asks for what is in view. So many updates cost one layout.
public struct Interface: Sendable {
    /// What an interface has to know from the start.
    public struct Configuration: Sendable {
        /// The width of the terminal in cells.
        public var columns: Int
        /// The height of the terminal in cells.
        public var rows: Int
        /// How everything looks.
        public var theme: Theme
        /// What the screen's own decorations are made of.
        public var glyphs: GlyphSet
        /// How times are shown.
        public var timeDisplay: TimeDisplay
        /// The server as the user named it, such as `home.example:6666`.
        public var serverName: String
        /// The nickname to offer on the login screen; nil where there is none yet.
        public var nickname: String?
        /// The color to offer on the login screen; nil leaves the choice to the nickname.
        public var color: ChatColor?
        /// Whether the list of people is shown at first, where there is room.
        public var showsSidebar: Bool
        /// Whether a password goes with the nickname: then it is probably a member's.
        public var hasPassword: Bool
        /// What to say below the restored history, which would push away what was said before it.
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
            hasPassword: Bool = false,
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
            self.hasPassword = hasPassword
            self.greeting = greeting
        }
    }

    /// The one person to whom goes what is typed.
    struct Target: Hashable, Sendable {
        var nickname: String
        var name: SafeText
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
    /// Nil while what is typed goes to everyone; see ``turn(to:)``.
    var target: Target?
    var login: LoginForm?
    /// What the session needs and nothing was opened for yet.
    var waitingRequest: SessionRequest?
    /// Whether the reader could see where keys go: those pressed before go nowhere.
    var isFocusShown = true
    /// Whether the last key sent a password off.
    var isPasswordSubmitted = false
    /// Whether the reader has given a password, as members do.
    var hasPassword: Bool
    /// Whether it was said that the terminal sends what can't be read.
    var isToldUnreadable = false
    var help: HelpOverlay?
    var sidebar = Sidebar()
    var colors = Palette.Cache()
    /// What is still to be said once the history is there.
    var greeting: [SafeText]
    /// Until when a second Ctrl-C ends the program, in milliseconds.
    var interruptDeadline: Int64?
    /// What the preferences hold already, or what was given in their stead.
    var remembered: (nickname: String?, color: ChatColor?)

    /// Creates an interface that shows an empty chat until the session says more.
    public init(_ configuration: Configuration) {
        theme = configuration.theme
        glyphs = configuration.glyphs
        timeDisplay = configuration.timeDisplay
        serverName = SafeText(line: configuration.serverName)
        size = ScreenSize(columns: configuration.columns, rows: configuration.rows)
        remembered = (configuration.nickname, configuration.color)
        hasPassword = configuration.hasPassword
        sidebar.isWanted = configuration.showsSidebar
        greeting = configuration.greeting
        if let nickname = configuration.nickname { people.offer(nickname) }
    }

    /// Handles one event and says what to do about it.
    ///
    /// - Parameters:
    ///   - event: What happened.
    ///   - now: When, with the offset of local time: times are shown in it.
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

    /// Whether something on the screen changes by itself: only then is a tick worth the wake-up.
    public var isCountingDown: Bool { isQuitOffered || connection.secondsLeft(at: now) > 0 }
}

/// The size of the terminal, within what can be drawn.
struct ScreenSize: Hashable, Sendable {
    let columns: Int
    let rows: Int

    /// No screen is larger; more is a terminal's mistake, and would cost memory.
    private static let bounds = 0...2000

    init(columns: Int, rows: Int) {
        self.columns = min(max(columns, Self.bounds.lowerBound), Self.bounds.upperBound)
        self.rows = min(max(rows, Self.bounds.lowerBound), Self.bounds.upperBound)
    }

    /// Whether the chat can be shown in it.
    var isUsable: Bool { columns >= Self.fewestColumns && rows >= Self.fewestRows }

    static let fewestColumns = 20
    static let fewestRows = 4
}
