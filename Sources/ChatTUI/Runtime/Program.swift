internal import ChatInterface
internal import ChatProtocol
internal import ChatSession
internal import Glibc

/// What the program loop hands to the world outside.
protocol ProgramActions {
    /// Asks the session for something.
    func send(_ command: SessionCommand)
    /// Writes the confirmed nickname and color down; may not take long.
    func remember(nickname: String, color: ChatColor)
}

/// The loop on the main thread: events go into the interface, what it wants is
/// done, and what it shows is presented.
///
/// It sleeps until something happens. Whatever has come in by then, one look at
/// everything makes one repaint: at once after a key, at most every
/// ``frameMilliseconds`` while the network floods.
struct Program<Screen: Terminal, Clock: ProgramClock, Sleep: Waiting, Actions: ProgramActions> {
    /// The least time between two repaints that no key asked for: about 60 a second.
    static var frameMilliseconds: Int64 { 16 }
    /// How often the interface is told of the time while it counts down.
    static var tickMilliseconds: Int64 { 1000 }

    private(set) var interface: Interface
    private(set) var terminal: Screen
    private(set) var connection = ConnectionOutcome()
    private let inbox: Inbox
    private let clock: Clock
    private var sleep: Sleep
    private let actions: Actions

    private var hasEnded = false
    /// Whether the screen is not what the interface would show.
    private var isStale = true
    /// Whether somebody at the keyboard waits for it.
    private var isUrgent = true
    private var lastFrame = Int64.min / 2
    /// When the interface was last told of the time; nil while nothing counts down.
    private var lastTick: Int64?

    init(
        interface: Interface,
        terminal: Screen,
        inbox: Inbox,
        clock: Clock,
        sleep: Sleep,
        actions: Actions
    ) {
        self.interface = interface
        self.terminal = terminal
        self.inbox = inbox
        self.clock = clock
        self.sleep = sleep
        self.actions = actions
    }

    /// Runs until the user leaves, the terminal is gone, or a signal says so;
    /// then gives the terminal back.
    mutating func run() {
        present()
        while step() {}
        terminal.close()
    }

    /// Sleeps once, and sees to everything that there is then.
    ///
    /// - Returns: Whether to go on.
    mutating func step() -> Bool {
        let readiness = sleep.wait(
            input: terminal.inputDescriptor,
            pipe: inbox.readDescriptor,
            milliseconds: timeout()
        )
        if readiness.isWoken { takeInbox() }
        if readiness.hasInput { takeInput() } else { take(terminal.readOverdue(at: clock.milliseconds)) }
        tick()
        guard !hasEnded else { return false }
        present()
        return true
    }

    /// How long to sleep at most, in milliseconds; nil for as long as it takes.
    private func timeout() -> Int? {
        let now = clock.milliseconds
        var deadlines: [Int64] = []
        if isStale { deadlines.append(lastFrame + Self.frameMilliseconds) }
        if let lastTick { deadlines.append(lastTick + Self.tickMilliseconds) }
        if let deadline = terminal.inputDeadline { deadlines.append(deadline) }
        return deadlines.min().map { Int(clamping: max(0, $0 - now)) }
    }

    // MARK: - Events

    private mutating func takeInput() {
        guard let events = terminal.read(at: clock.milliseconds) else {
            // The window was closed, or the connection to it.
            hasEnded = true
            return
        }
        take(events)
    }

    private mutating func take(_ events: [TerminalEvent]) {
        for event in events where !hasEnded {
            isUrgent = true
            handle(.terminal(event))
        }
    }

    private mutating func takeInbox() {
        let (signals, updates) = inbox.take()
        for signal in signals { handle(signal: signal) }
        for update in updates where !hasEnded {
            connection.note(update)
            handle(.session(update))
        }
    }

    private mutating func handle(signal: Int32) {
        switch signal {
        case SIGWINCH: measure()
        case SIGTSTP: suspend()
        case SIGCONT:
            terminal.resume()
            measure()
        default: hasEnded = true
        }
    }

    private mutating func tick() {
        let now = clock.milliseconds
        if interface.isCountingDown, let last = lastTick {
            guard now >= last + Self.tickMilliseconds else { return }
            handle(.tick)
        }
        // A countdown begins with a whole second.
        lastTick = interface.isCountingDown ? now : nil
    }

    // MARK: - Effects

    private mutating func handle(_ event: InterfaceEvent) {
        isStale = true
        for effect in interface.update(event, at: clock.now) {
            switch effect {
            case .session(let command): actions.send(command)
            case .remember(let nickname, let color): actions.remember(nickname: nickname, color: color)
            case .suspend: suspend()
            case .redraw: terminal.invalidate()
            case .quit: hasEnded = true
            }
        }
    }

    private mutating func suspend() {
        terminal.suspend()
        measure()
    }

    private mutating func measure() {
        let size = terminal.measure()
        isUrgent = true
        handle(.terminal(.resize(columns: size.columns, rows: size.rows)))
    }

    private mutating func present() {
        let now = clock.milliseconds
        guard isStale, isUrgent || now >= lastFrame + Self.frameMilliseconds else { return }
        terminal.present(interface.view())
        lastFrame = now
        isStale = false
        isUrgent = false
    }
}
