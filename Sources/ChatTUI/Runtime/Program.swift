internal import ChatInterface
internal import ChatProtocol
internal import ChatSession
internal import Glibc

/// What the program loop needs from outside.
protocol ProgramActions {
    /// Sends a command to the session.
    func send(_ command: SessionCommand)
    /// Stores the confirmed nickname and color; must be quick.
    func remember(nickname: String, color: ChatColor)
}

/// The loop on the main thread: passes events to the interface, carries out its effects, and draws the screen.
///
/// It sleeps until something happens, then handles everything that has arrived and repaints once: immediately after a
/// key, but at most every ``frameMilliseconds`` while the network floods it.
struct Program<Screen: Terminal, Clock: ProgramClock, Sleep: Waiting, Actions: ProgramActions> {
    /// The least time between two repaints that no key caused: about 60 a second.
    static var frameMilliseconds: Int64 { 16 }
    /// How often the interface is told the time while it shows a countdown.
    static var tickMilliseconds: Int64 { 1000 }

    private(set) var interface: Interface
    private(set) var terminal: Screen
    private(set) var connection = ConnectionOutcome()
    private(set) var unconfirmed = UnconfirmedMessages()
    private let inbox: Inbox
    private let clock: Clock
    private var sleep: Sleep
    private let actions: Actions

    private var hasEnded = false
    /// Whether the screen is out of date.
    private var isStale = true
    /// Whether a user at the keyboard is waiting for the repaint.
    private var isUrgent = true
    private var lastFrame = Int64.min / 2
    /// When the interface was last told the time; nil while there is no countdown.
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

    /// Runs until the user leaves, the terminal is gone or a signal ends it; then gives the terminal back.
    mutating func run() {
        present()
        while step() {}
        terminal.close()
    }

    /// Sleeps once, and handles everything that has arrived by then.
    ///
    /// - Returns: Whether to continue.
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

    /// The longest time to sleep in milliseconds; nil for no limit.
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
            // The window or the connection to it was closed.
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
        for update in updates {
            unconfirmed.note(update, isShown: !hasEnded)
            guard !hasEnded else { continue }
            connection.note(update)
            handle(.session(update))
        }
    }

    /// Records what became of the user's last messages after the loop ended; call it when nothing more can come.
    mutating func noteLastUpdates() {
        for update in inbox.take().updates { unconfirmed.note(update, isShown: false) }
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
        // A countdown starts with a full second.
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
