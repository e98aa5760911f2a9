public import ChatProtocol
public import ChatSession

/// An event for the interface.
public enum InterfaceEvent: Sendable {
    /// An event of the terminal.
    case terminal(TerminalEvent)
    /// An update from the session.
    case session(SessionUpdate)
    /// A second has passed on the local clock; waiting times count down.
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
    /// Give the terminal back to the shell until the program is continued.
    case suspend
    /// Repaint every cell.
    case redraw
    /// End the program. The session has been asked to leave just before.
    case quit
}
