internal import ChatProtocol
internal import ChatSession

extension Interface {
    /// The top line: the conversation at the left, the server and the connection at the right.
    func drawStatus(on grid: inout Grid, in region: Region) {
        let margin = 1
        var title = theme.status
        title.attributes.insert(.bold)
        let name = "everyone"
        let nameColumns = grid.write(
            name,
            row: region.row,
            column: region.column + margin,
            maxColumns: region.columns - margin,
            style: title
        )
        // Two cells between both sides, and one at the right end.
        let room = region.columns - nameColumns - 2 * margin - 2
        let (text, style) = connectionText(columns: room)
        grid.write(
            text,
            row: region.row,
            column: region.endColumn - margin - max(0, room),
            maxColumns: room,
            style: style,
            alignment: .right
        )
    }

    /// What there is to say of the connection in so many cells.
    private func connectionText(columns: Int) -> (text: String, style: Style) {
        switch connection.status {
        case nil, .connecting:
            (fitting([["connecting to \(serverName)"], ["connecting"]], columns), theme.dim)
        case .loggingIn(let channel):
            (fitting([[serverName.text, security(channel), "joining"], ["joining"]], columns), theme.dim)
        case .online(let channel, _, let roundTrip):
            (onlineText(channel, roundTrip, columns), theme.status)
        case .waiting(let reason, _, _):
            (waitingText(SafeText(line: reason).text, columns), theme.warning)
        case .ended(let reason):
            (
                fitting(
                    [[SafeText(line: reason).text, "/reconnect"], ["not connected", "/reconnect"], ["offline"]],
                    columns
                ),
                theme.error
            )
        }
    }

    private func onlineText(_ channel: SessionEvent.Channel, _ roundTrip: Int?, _ columns: Int) -> String {
        let security = security(channel)
        let time = roundTrip.map { ["\(max(0, $0)) ms"] } ?? []
        return fitting(
            [
                [serverName.text, security] + time, [serverName.text, security], [security] + time, [security],
                [channel.isEncrypted ? "tls" : "plain"],
            ],
            columns
        )
    }

    private func waitingText(_ reason: String, _ columns: Int) -> String {
        let seconds = connection.secondsLeft(at: now)
        let next = seconds > 0 ? "reconnecting in \(seconds) s" : "reconnecting"
        return fitting([[reason, next], [next], [seconds > 0 ? "retry \(seconds) s" : "retry"]], columns)
    }

    private func security(_ channel: SessionEvent.Channel) -> String {
        channel.isEncrypted ? "tls" : "not encrypted"
    }

    /// The first of some ways to say it that has room; the last one in any case.
    private func fitting(_ choices: [[String]], _ columns: Int) -> String {
        let texts = choices.map { $0.joined(separator: " \(glyphs.separator) ") }
        return texts.first { DisplayWidth.of($0) <= columns } ?? texts.last ?? ""
    }
}
