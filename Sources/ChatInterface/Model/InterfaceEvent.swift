public import ChatProtocol
public import ChatSession

/// What happens to the interface.
public enum InterfaceEvent: Sendable {
    /// The terminal said something.
    case terminal(TerminalEvent)
    /// The session said something.
    case session(SessionUpdate)
    /// A second of the local clock has passed: waiting counts down.
    case tick
    /// The user pressed Ctrl-C (which ends the program when pressed twice).
    case interrupt
}

/// What the interface wants done.
public enum InterfaceEffect: Hashable, Sendable {
    /// Ask the session for something.
    case session(SessionCommand)
    /// Write the confirmed nickname and color to the preferences.
    case remember(nickname: String, color: ChatColor)
    /// Hand the terminal back to the shell until the program is continued.
    case suspend
    /// Repaint every cell.
    case redraw
    /// End the program. The session has been asked to leave just before.
    case quit
}
