internal import ChatInterface
internal import ChatSystem
internal import Glibc

@testable import ChatTUI

/// A terminal without a screen: a test types into it and looks at the grids.
final class HeadlessTerminal: Terminal {
    private(set) var grids: [Grid] = []
    /// What was done to it, in order.
    private(set) var log: [String] = []
    var size = TerminalSize(columns: 80, rows: 24)
    /// What happens while it is suspended.
    var whileSuspended: () -> Void = {}

    let inputDescriptor: Int32
    private var keyboard: Int32
    private var decoder = InputDecoder()

    init() throws {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw SystemError("pipe") }
        inputDescriptor = ends[0]
        keyboard = ends[1]
    }

    deinit {
        close(inputDescriptor)
        if keyboard >= 0 { close(keyboard) }
    }

    /// The rows of the last grid.
    var screen: String {
        guard let grid = grids.last else { return "" }
        let rows = (0..<grid.rows).map { row in (0..<grid.columns).map { grid[row, $0].text }.joined() }
        return rows.joined(separator: "\n")
    }

    func type(_ text: String) {
        let bytes = Array(text.utf8)
        _ = write(keyboard, bytes, bytes.count)
    }

    /// Closes the window.
    func hangUp() {
        close(keyboard)
        keyboard = -1
    }

    // MARK: - Terminal

    var inputDeadline: Int64? { decoder.deadline }

    func read(at now: Int64) -> [TerminalEvent]? {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = Glibc.read(inputDescriptor, &bytes, bytes.count)
        return count > 0 ? decoder.decode(Array(bytes.prefix(count)), at: now) : nil
    }

    func readOverdue(at now: Int64) -> [TerminalEvent] { decoder.decodeOverdue(at: now) }

    func measure() -> TerminalSize {
        log.append("measure")
        return size
    }

    func present(_ grid: Grid) { grids.append(grid) }

    func invalidate() { log.append("invalidate") }

    func suspend() {
        log.append("suspend")
        whileSuspended()
    }

    func resume() { log.append("resume") }

    func close() { log.append("close") }

    private func close(_ descriptor: Int32) { _ = Glibc.close(descriptor) }
}
