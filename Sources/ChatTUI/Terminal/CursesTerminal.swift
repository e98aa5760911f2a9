internal import CNcurses
internal import ChatInterface
internal import ChatSystem
internal import Glibc

/// The terminal of the process, controlled through ncurses.
///
/// Curses is used for output, because it writes as little as possible to any kind of terminal. Input is read as bytes
/// and decoded by ``InputDecoder``: curses would drop what it doesn't know and repaint while it reads. There is one
/// instance per process, used only on the thread that created it.
final class CursesTerminal: Terminal {
    /// What the terminal can do.
    let capabilities: TerminalCapabilities
    let inputDescriptor = STDIN_FILENO

    private var decoder: InputDecoder
    private let enterBytes: [UInt8]
    private let leaveBytes: [UInt8]
    private let resetBytes: [UInt8]
    private let hasOwnColors: Bool
    private let suspensionNotice: String?
    private var pairs: ColorPairs
    private var shown: Grid?
    /// Space for the characters of one cell and the terminating zero.
    private var scalars = [wchar_t](repeating: 0, count: Int(CCHARW_MAX) + 1)

    private(set) var size = TerminalSize(columns: 80, rows: 24)

    /// Opens the terminal and takes over the screen.
    ///
    /// Install signal handlers before, because curses takes over all signals that still have their default action.
    ///
    /// - Parameters:
    ///   - usesMouse: Whether to receive the mouse wheel; the terminal can then no longer select text with the mouse.
    ///   - suspensionNotice: What to print on the shell's screen when the program is stopped; nil for nothing.
    /// - Throws: ``TerminalError`` if this terminal can't be drawn on.
    init(usesMouse: Bool, suspensionNotice: String? = nil) throws(TerminalError) {
        self.suspensionNotice = suspensionNotice
        do throws(SystemError) {
            try TerminalGuard.install(on: STDOUT_FILENO)
        } catch {
            throw TerminalError("this is not a terminal (\(error.reason))")
        }
        let isUTF8 = Self.setLocale()
        try Self.openScreen()

        raw()
        noecho()
        nonl()
        let hasColors = has_colors()
        if hasColors { start_color() }
        hasOwnColors = hasColors && use_default_colors() != ERR
        pairs = ColorPairs(capacity: hasColors ? Int(chat_color_pairs()) : 0)
        capabilities = TerminalCapabilities(
            depth: Palette.Depth(
                colors: hasColors ? Int(chat_colors()) : 0,
                isDirect: Self.isDirect,
                noColor: Environment["NO_COLOR"]
            ),
            background: Palette.Background(colorFGBG: Environment["COLORFGBG"]),
            glyphs: isUTF8 ? .unicode : .ascii
        )
        decoder = InputDecoder(singleBytes: isUTF8 ? [] : Self.singleBytes(), terminalKeys: Self.terminalKeys())

        // Bracketed paste, focus events, and the mouse wheel in the form without a size limit.
        let modes = ["2004", "1004"] + (usesMouse ? ["1000", "1006"] : [])
        enterBytes = Self.capability("smkx") + modes.flatMap { Array("\u{1B}[?\($0)h".utf8) }
        leaveBytes = modes.reversed().flatMap { Array("\u{1B}[?\($0)l".utf8) } + Self.capability("rmkx")
        resetBytes = leaveBytes + ["sgr0", "op", "cnorm", "rmcup"].flatMap(Self.capability)

        TerminalGuard.arm(resetBytes: resetBytes)
        StandardErrorLog.begin()
        _ = measure()
        doupdate()
        write(enterBytes)
    }

    // MARK: - Input

    var inputDeadline: Int64? { decoder.deadline }

    func read(at now: Int64) -> [TerminalEvent]? {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = Glibc.read(inputDescriptor, &bytes, bytes.count)
        if count < 0, errno == EINTR || errno == EAGAIN { return [] }
        guard count > 0 else { return nil }
        return decoder.decode(Array(bytes.prefix(count)), at: now)
    }

    func readOverdue(at now: Int64) -> [TerminalEvent] {
        decoder.decodeOverdue(at: now)
    }

    // MARK: - Output

    func measure() -> TerminalSize {
        var window = winsize()
        if ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0, window.ws_row > 0 {
            size = TerminalSize(columns: Int(window.ws_col), rows: Int(window.ws_row))
        }
        // Even if the size seems the same: whoever sent the signal wants a repaint.
        resizeterm(Int32(size.rows), Int32(size.columns))
        invalidate()
        return size
    }

    func invalidate() {
        shown = nil
    }

    func present(_ grid: Grid) {
        // A signal handler or `exit` has already given the terminal back.
        guard TerminalGuard.holdsTerminal else { return }
        if shown == nil { clearok(chat_curscr(), true) }
        if !writeRows(of: grid) {
            reset_color_pairs()
            pairs.removeAll()
            shown = nil
            clearok(chat_curscr(), true)
            _ = writeRows(of: grid)
        }
        if let cursor = grid.cursor {
            wmove(chat_stdscr(), Int32(cursor.row), Int32(cursor.column))
        }
        curs_set(grid.cursor == nil ? 0 : 1)
        wnoutrefresh(chat_stdscr())
        doupdate()
        shown = grid
    }

    /// Passes the changed rows to curses; returns false if the color pairs ran out.
    private func writeRows(of grid: Grid) -> Bool {
        var hasPairs = true
        var line: [cchar_t] = []
        for row in 0..<min(grid.rows, size.rows) {
            if let shown, shown.columns == grid.columns, row < shown.rows,
                shown.cells[row * grid.columns..<(row + 1) * grid.columns]
                    == grid.cells[row * grid.columns..<(row + 1) * grid.columns]
            {
                continue
            }
            line.removeAll(keepingCapacity: true)
            var column = 0
            while column < min(grid.columns, size.columns) {
                let cell = grid[row, column]
                // Curses does not treat the second half of a wide character as a cell.
                let width = column + 1 < grid.columns && grid[row, column + 1].text.isEmpty ? 2 : 1
                append(cell, width: width, to: &line, hasPairs: &hasPairs)
                column += width
            }
            mvwadd_wchnstr(chat_stdscr(), Int32(row), 0, line, Int32(line.count))
        }
        return hasPairs
    }

    private func append(_ cell: Grid.Cell, width: Int, to line: inout [cchar_t], hasPairs: inout Bool) {
        let colors = ColorPairs.Pair(
            foreground: number(cell.style.foreground),
            background: number(cell.style.background)
        )
        var pair: Int32 = 0
        if let known = pairs.number(of: colors, define: define) {
            pair = known
        } else if pairs.capacity > 0 {
            hasPairs = false
        }
        let attributes = Self.attributes(cell.style.attributes)

        var count = 0
        for scalar in cell.text.unicodeScalars.prefix(Int(CCHARW_MAX)) {
            scalars[count] = wchar_t(scalar.value)
            count += 1
        }
        // Curses uses the character widths of the C library and leaves out characters that it does not know, such as
        // newer emoji; show a box instead. (Control characters can't get here; they have no width either.)
        let fits = count > 0 && Int(chat_wcwidth(scalars[0])) == width
        if !fits {
            scalars[0] = count == 0 ? 0x20 : capabilities.glyphs.isASCII ? 0x3F : 0x25A1
            count = 1
        }
        scalars[count] = 0
        var character = cchar_t()
        setcchar(&character, scalars, attributes, 0, &pair)
        line.append(character)
        if !fits, width == 2 {
            setcchar(&character, [0x20, 0], attributes, 0, &pair)
            line.append(character)
        }
    }

    private func define(_ number: Int32, _ pair: ColorPairs.Pair) {
        // If curses can't use the terminal's default colors, assume gray on black.
        let own: (foreground: Int32, background: Int32) = hasOwnColors ? (-1, -1) : (COLOR_WHITE, COLOR_BLACK)
        init_extended_pair(
            number,
            pair.foreground < 0 ? own.foreground : pair.foreground,
            pair.background < 0 ? own.background : pair.background
        )
    }

    private static func attributes(_ attributes: Style.Attributes) -> attr_t {
        var bits: attr_t = 0
        if attributes.isEmpty { return bits }
        if attributes.contains(.bold) { bits |= chat_attribute_bold() }
        if attributes.contains(.dim) { bits |= chat_attribute_dim() }
        if attributes.contains(.reverse) { bits |= chat_attribute_reverse() }
        if attributes.contains(.underline) { bits |= chat_attribute_underline() }
        if attributes.contains(.italic) { bits |= chat_attribute_italic() }
        return bits
    }

    private func number(_ paint: Style.Paint) -> Int32 {
        switch paint {
        case .terminalDefault: return -1
        case .indexed(let index): return Int32(clamping: min(index, Int(chat_colors()) - 1))
        case .direct(let red, let green, let blue):
            // Terminals with direct color use the first eight numbers for the palette.
            return max(8, Int32(red) << 16 | Int32(green) << 8 | Int32(blue))
        }
    }

    // MARK: - Giving the terminal back and taking it again

    func suspend() {
        giveBack()
        if let suspensionNotice { write(Array("\(suspensionNotice)\n".utf8)) }
        ProgramSignals.stop()
        // The shell may have changed the terminal's mode in the meantime.
        try? TerminalGuard.install(on: STDOUT_FILENO)
        takeAgain()
    }

    func resume() {
        endwin()
        takeAgain()
    }

    func close() {
        giveBack()
    }

    private func giveBack() {
        guard TerminalGuard.holdsTerminal else { return }
        write(leaveBytes)
        endwin()
        TerminalGuard.restore(inOrder: true)
    }

    private func takeAgain() {
        reset_prog_mode()
        TerminalGuard.arm(resetBytes: resetBytes)
        StandardErrorLog.begin()
        _ = measure()
        clearok(chat_curscr(), true)
        doupdate()
        write(enterBytes)
    }

    private func write(_ bytes: [UInt8]) {
        OpenFile.writeAll(bytes, to: STDOUT_FILENO)
    }

    // MARK: - The terminal's properties

    /// Sets the locale and returns whether it uses UTF-8.
    private static func setLocale() -> Bool {
        let isAccepted = setlocale(LC_ALL, "") != nil
        if let other = CharacterLocale.replacement(variable: { Environment[$0] }, isAccepted: isAccepted) {
            setlocale(LC_CTYPE, other)
        }
        return String(cString: chat_codeset()) == "UTF-8"
    }

    /// Starts curses; if the terminal's description is not installed here, uses that of xterm or the VT100, which
    /// nearly all terminals imitate.
    private static func openScreen() throws(TerminalError) {
        let name = Environment["TERM"] ?? ""
        guard name != "dumb", name != "" else {
            throw TerminalError(
                "this terminal can't place text on the screen (TERM is \(name.isEmpty ? "not set" : name))"
            )
        }
        for candidate in [name, "xterm-256color", "xterm", "vt100"] {
            guard newterm(candidate, chat_stdout(), chat_stdin()) != nil else { continue }
            guard !capability("cup").isEmpty else {
                endwin()
                throw TerminalError("this terminal can't place text on the screen (TERM is \(name))")
            }
            return
        }
        throw TerminalError("there is no description of this terminal (TERM is \(name))")
    }

    private static var isDirect: Bool { chat_tigetflag("RGB") > 0 || chat_colors() >= 1 << 24 }

    /// A string from the terminal's description, without its padding; empty if there is none.
    private static func capability(_ name: String) -> [UInt8] {
        guard let pointer = chat_tigetstr(name), Int(bitPattern: pointer) != -1 else { return [] }
        let bytes = Array(String(cString: pointer).utf8)
        guard let padding = bytes.firstIndex(of: UInt8(ascii: "$")), bytes[padding...].last == UInt8(ascii: ">") else {
            return bytes
        }
        return Array(bytes[..<padding])
    }

    private static func terminalKeys() -> [[UInt8]: KeyPress] {
        var keys: [[UInt8]: KeyPress] = [:]
        for (name, key) in TerminalKeys.capabilities {
            let bytes = capability(name)
            if bytes.count > 1, bytes[0] == 0x1B { keys[bytes] = key }
        }
        return keys
    }

    /// The characters of a locale with one byte per character.
    private static func singleBytes() -> [Character?] {
        (0..<256).map { byte in
            let wide = btowc(Int32(byte))
            return wide >= 0x20 && wide != 0x7F ? Unicode.Scalar(UInt32(wide)).map(Character.init) : nil
        }
    }
}
