internal import ChatInterface

/// What the program needs of a terminal: events in, a grid of cells out.
///
/// The real one is ``CursesTerminal``; tests drive the same program loop with
/// one that has no screen.
protocol Terminal {
    /// The descriptor to wait on for input.
    var inputDescriptor: Int32 { get }

    /// How long input that has begun may stay unfinished, in milliseconds; nil
    /// where nothing has begun. See ``InputDecoder/patience``.
    var inputPatience: Int? { get }

    /// The size in cells.
    var size: TerminalSize { get }

    /// Reads what has come in, waiting only where there is nothing yet.
    ///
    /// - Returns: The events in order; nil when the terminal is gone.
    mutating func read() -> [TerminalEvent]?

    /// Takes unfinished input for what it is by itself: its time is up.
    mutating func inputIsOverdue() -> [TerminalEvent]

    /// Asks for the window's size again; the next presentation has it.
    mutating func measure() -> TerminalSize

    /// Shows a grid; only what differs from the last one is written.
    mutating func present(_ grid: Grid)

    /// Makes the next presentation write every cell.
    mutating func invalidate()

    /// Gives the terminal back to the shell, stops until continued, takes it again.
    mutating func suspend()

    /// Takes the terminal again after something outside stopped the program.
    mutating func resume()

    /// Gives the terminal back for good.
    mutating func close()
}

/// How large a terminal is.
struct TerminalSize: Hashable, Sendable {
    /// The width in cells.
    var columns: Int
    /// The height in cells.
    var rows: Int
}
