internal import ChatProtocol
internal import ChatSession

extension Interface {
    /// Handles keys that move the messages, or show and hide parts of the screen; nil for all other keys.
    mutating func pressInPane(_ key: KeyPress) -> [InterfaceEffect]? {
        switch (key.key, key.modifiers) {
        case (.pageUp, []): return scroll(by: -pageRows)
        case (.pageDown, []): return scroll(by: pageRows)
        case (.pageUp, .alt), (.pageUp, .shift): return scroll(by: -3)
        case (.pageDown, .alt), (.pageDown, .shift): return scroll(by: 3)
        case (.home, .alt), (.home, .control): return scrollToOldest()
        case (.end, .alt), (.end, .control): pane.scrollToNewest()
        case (.character("u"), .alt): _ = pane.scrollToNew(paneLayout())
        case (.function(1), []): help = HelpOverlay(.overview)
        case (.function(2), []): toggleSidebar()
        default: return nil
        }
        return []
    }

    private mutating func toggleSidebar() {
        guard size.columns >= Sidebar.fewestColumns else {
            return note("The list of people needs \(Sidebar.fewestColumns) columns. /users says who is here.")
        }
        sidebar.isWanted.toggle()
    }

    /// The rows of a page; two rows of the previous one stay visible to help the reader.
    private var pageRows: Int { max(1, paneLayout().rows - 2) }

    /// Scrolls the messages, and asks for older ones at the top.
    mutating func scroll(by rows: Int) -> [InterfaceEffect] {
        pane.scroll(by: rows, paneLayout()) ? loadOlder() : []
    }

    private mutating func scrollToOldest() -> [InterfaceEffect] {
        pane.scrollToOldest(paneLayout())
        return loadOlder()
    }

    private mutating func loadOlder() -> [InterfaceEffect] {
        guard pane.hasOlder, !pane.isLoadingOlder, connection.isOnline, pane.scrollback.hasRoomForOlder else {
            return []
        }
        pane.isLoadingOlder = true
        // The line that says this is now the oldest row.
        if pane.position != .newest { pane.scrollToOldest(paneLayout()) }
        return [.session(.loadOlder)]
    }

    /// Handles keys while the help is shown; returns false for keys that go on to the input line.
    mutating func pressInHelp(_ key: KeyPress) -> Bool {
        switch (key.key, key.modifiers) {
        case (.escape, _), (.function(1), _): help = nil
        case (.enter, []):
            guard prompt.composer.isEmpty, prompt.mode == .message else { return false }
            help = nil
        case (.pageUp, _): scrollHelp(by: -pageRows)
        case (.pageDown, _): scrollHelp(by: pageRows)
        case (.up, []): scrollHelp(by: -1)
        case (.down, []): scrollHelp(by: 1)
        case (.home, .alt), (.home, .control): scrollHelp(by: -100_000)
        case (.end, .alt), (.end, .control): scrollHelp(by: 100_000)
        default: return false
        }
        return true
    }

    mutating func scrollHelp(by rows: Int) {
        guard let overlay = help else { return }
        let region = screenRegions().pane
        let most = max(0, helpRows(overlay, columns: region.columns).count - max(1, region.rows - 1))
        help?.scroll = min(max(0, min(overlay.scroll, most) + rows), most)
    }
}
