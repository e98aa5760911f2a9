internal import ChatInterface

/// What the program needs of a terminal: events in, a grid of cells out.
///
/// The real one is ``CursesTerminal``; tests drive the same program loop with
/// one that has no screen.
protocol Terminal {
    /// The descriptor to wait on for input.
    var inputDescriptor: Int32 { get }

    /// Until when input that has begun waits for its rest; nil where nothing
    /// has begun. See ``InputDecoder/deadline``.
    var inputDeadline: Int64? { get }

    /// The size in cells.
    var size: TerminalSize { get }

    /// Reads what has come in, waiting only where there is nothing yet.
    ///
    /// - Parameter now: The time in milliseconds, on the clock of ``inputDeadline``.
    /// - Returns: The events in order; nil when the terminal is gone.
    mutating func read(at now: Int64) -> [TerminalEvent]?

    /// Reads input that has waited long enough for its rest as what it is by itself.
    mutating func readOverdue(at now: Int64) -> [TerminalEvent]

    /// Asks for the window's size again; the next presentation has it.
    mutating func measure() -> TerminalSize

    /// Shows a grid; only what differs from the last one is written.
    mutating func present(_ grid: Grid)

    /// Makes the next presentation write every cell.
    mutating func invalidate()

    /// Gives the terminal back to the shell, stops until continued, takes it again.
    mutating func suspend()

    /// Opens the terminal again after something outside stopped the program.
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
