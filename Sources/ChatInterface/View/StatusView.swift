internal import ChatProtocol
internal import ChatSession

extension Interface {
    /// A part of the top line's text about the connection.
    private struct StatusPart {
        var text: String
        var style: Style
    }

    /// Draws the top line: the conversation at the left, the server and the connection at the right.
    func drawStatus(on grid: inout Grid, in region: Region) {
        let margin = 1
        var title = target == nil ? theme.status : theme.whisper
        title.attributes.insert(.bold)
        let nameColumns = grid.write(
            target.map { "\(glyphs.arrowRight) \(shortened($0.name.text, to: size.columns < 40 ? 6 : 16))" }
                ?? "everyone",
            row: region.row,
            column: region.column + margin,
            maxColumns: region.columns - margin,
            style: title
        )
        // Leave two cells between both sides, and one at the right end.
        let room = max(0, region.columns - nameColumns - 2 * margin - 2)
        let parts = fitting(statusParts(), room)
        let end = region.endColumn - margin
        var column = end - min(room, width(parts))
        for (index, part) in parts.enumerated() {
            if index > 0 {
                column += grid.write(
                    separatorText,
                    row: region.row,
                    column: column,
                    maxColumns: end - column,
                    style: theme.dim
                )
            }
            column += grid.write(
                part.text,
                row: region.row,
                column: column,
                maxColumns: end - column,
                style: part.style
            )
        }
    }

    private var separatorText: String { " \(glyphs.separator) " }

    /// The texts about the connection, from the longest to the shortest.
    private func statusParts() -> [[StatusPart]] {
        let server = StatusPart(text: serverName.text, style: theme.dim)
        switch connection.status {
        case nil, .connecting:
            return [
                [StatusPart(text: "connecting to \(serverName)", style: theme.dim)],
                [StatusPart(text: "connecting", style: theme.dim)],
            ]
        case .loggingIn(let channel):
            let joining =
                waitingRequest == nil
                ? StatusPart(text: "joining", style: theme.dim)
                : StatusPart(text: "not logged in", style: theme.warning)
            return [[server, security(channel), joining], [joining]]
        case .online(let channel, _, let roundTrip):
            let time = roundTrip.map { [StatusPart(text: "\(max(0, $0)) ms", style: theme.dim)] } ?? []
            let security = security(channel)
            return [
                [server, security] + time, [server, security], [security] + time, [security],
                [StatusPart(text: channel.isEncrypted ? "tls" : "plain", style: security.style)],
            ]
        case .waiting(let reason, _, _):
            let seconds = connection.secondsLeft(at: now)
            let texts = [
                [SafeText(line: reason).text, seconds > 0 ? "reconnecting in \(seconds) s" : "reconnecting"],
                [seconds > 0 ? "reconnecting in \(seconds) s" : "reconnecting"],
                [seconds > 0 ? "retry \(seconds) s" : "retry"],
            ]
            return texts.map { $0.map { StatusPart(text: $0, style: theme.warning) } }
        case .ended(let reason), .distrusted(let reason):
            let reason = SafeText(line: reason).text
            let texts = [
                reason.contains("/reconnect") ? [reason] : [reason, "/reconnect"],
                ["not connected", "/reconnect"],
                ["offline"],
            ]
            return texts.map { $0.map { StatusPart(text: $0, style: theme.error) } }
        }
    }

    /// The text about encryption; a connection that others could read stands out.
    private func security(_ channel: SessionEvent.Channel) -> StatusPart {
        StatusPart(
            text: channel.isEncrypted ? "tls" : "not encrypted",
            style: channel.isPrivate ? theme.dim : theme.warning
        )
    }

    private func width(_ parts: [StatusPart]) -> Int {
        let texts = parts.reduce(0) { $0 + DisplayWidth.of($1.text) }
        return texts + max(0, parts.count - 1) * DisplayWidth.of(separatorText)
    }

    /// The first text that fits, or else the last one.
    private func fitting(_ choices: [[StatusPart]], _ columns: Int) -> [StatusPart] {
        choices.first { width($0) <= columns } ?? choices.last ?? []
    }
}
