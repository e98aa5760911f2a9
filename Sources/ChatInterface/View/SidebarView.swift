internal import ChatProtocol
internal import ChatSession

extension Interface {
    /// Draws who is here: how many, then admins, then everybody else.
    ///
    /// - Parameter taken: The rows of the screen that the messages need from edge to edge.
    mutating func drawSidebar(on grid: inout Grid, in region: Region, except taken: Set<Int>) {
        var rows = (region.row..<region.endRow).filter { !taken.contains($0) }[...]
        let members = people.roster.members
        let clip = sidebar.clip(people: members.count, rows: rows.count)
        // Skip the line at the left, and one cell after it.
        let column = region.column + 2
        let room = region.columns - 2
        guard room > 0, !members.isEmpty, let first = rows.popFirst() else { return }
        let count = connection.isOnline ? "\(members.count) here" : "\(members.count) last seen"
        grid.write(count, row: first, column: column, maxColumns: room, style: theme.dim)
        for member in members[clip.shown.clamped(to: members.indices)] {
            guard let row = rows.popFirst() else { return }
            draw(member, on: &grid, row: row, in: region)
        }
        if clip.more > 0, let row = rows.popFirst() {
            grid.write("+\(clip.more) more", row: row, column: column + 2, maxColumns: room - 2, style: theme.dim)
        }
    }

    private mutating func draw(_ member: Roster.Member, on grid: inout Grid, row: Int, in region: Region) {
        if member.isOwn { grid.write(glyphs.prompt, row: row, column: region.column + 1, style: theme.prompt) }
        if member.isAdmin { grid.write(glyphs.admin, row: row, column: region.column + 2, style: theme.accent) }
        // Without a connection nobody knows who is really here.
        var style = connection.isOnline ? nameStyle(member.name, color: member.color, isOwn: member.isOwn) : theme.dim
        if member.isOwn { style.attributes.insert(.bold) }
        if target?.nickname == member.nickname { style.attributes.insert(.reverse) }
        let room = region.columns - 4
        grid.write(
            shortened(member.name.text, to: room),
            row: row,
            column: region.column + 4,
            maxColumns: room,
            style: style
        )
    }
}
