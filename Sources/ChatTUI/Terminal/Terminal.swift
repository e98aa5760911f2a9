internal import ChatInterface

/// What the program needs from a terminal: events as input, a grid of cells as output.
///
/// The real one is ``CursesTerminal``; tests run the same program loop with one that has no screen.
protocol Terminal {
    /// The descriptor to wait on for input.
    var inputDescriptor: Int32 { get }

    /// Until when incomplete input waits for more; nil if there is none.
    ///
    /// See ``InputDecoder/deadline``.
    var inputDeadline: Int64? { get }

    /// The size in cells.
    var size: TerminalSize { get }

    /// Reads input that has arrived; waits only if there is none yet.
    ///
    /// - Parameter now: The time in milliseconds, on the clock of ``inputDeadline``.
    /// - Returns: The events in order; nil if the terminal is gone.
    mutating func read(at now: Int64) -> [TerminalEvent]?

    /// Decodes incomplete input that has waited long enough, as it is.
    mutating func readOverdue(at now: Int64) -> [TerminalEvent]

    /// Reads the size of the window again; the next presentation uses it.
    mutating func measure() -> TerminalSize

    /// Shows a grid; only the differences from the last one are written.
    mutating func present(_ grid: Grid)

    /// Makes the next presentation write every cell.
    mutating func invalidate()

    /// Gives the terminal back to the shell, stops the program until it is continued, and takes the terminal again.
    mutating func suspend()

    /// Opens the terminal again after something else has stopped the program.
    mutating func resume()

    /// Gives the terminal back at the end of the program.
    mutating func close()
}

/// The size of a terminal.
struct TerminalSize: Hashable, Sendable {
    /// The width in cells.
    var columns: Int
    /// The height in cells.
    var rows: Int
}
