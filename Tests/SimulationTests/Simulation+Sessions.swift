internal import ChatProtocol
internal import ChatSession

@testable internal import ChatInterface

/// The sessions and their screens.
extension Simulation {
    mutating func tell(_ client: Int, _ event: SessionEvent) {
        if case .received = event, let connection = clients[client].connection, !connections[connection].isUp {
            return
        }
        for effect in clients[client].session.handle(event, at: clock) { perform(effect, of: client) }
    }

    mutating func perform(_ effect: SessionEffect, of client: Int) {
        switch effect {
        case .open: connect(client)
        case .close, .hangUp: disconnect(client)
        case .send(let request): send(request, from: client)
        case .setTimer(let timer, let milliseconds):
            serial += 1
            clients[client].timers[timer] = serial
            schedule(.timer(client: client, timer, serial: serial), in: Int64(milliseconds))
        case .cancelTimer(let timer): clients[client].timers[timer] = nil
        case .finished: break
        case .update(let update):
            switch update {
            case .appended(let entries):
                for entry in entries { clients[client].scrollback.append(Self.item(entry)) }
            case .inserted(let entries):
                clients[client].scrollback.insert(entries.map { Self.item($0) })
            case .changed(let entry):
                clients[client].scrollback.change(Self.item(entry))
            case .status(let status):
                noteAbsence(of: client, status)
                clients[client].status = status
            case .roster(let roster): clients[client].roster = roster
            case .notice(let text, _): clients[client].notices.append(text.text)
            default: break
            }
        }
    }

    static func item(_ entry: TimelineEntry) -> Scrollback.Item {
        Scrollback.Item(entry: entry, time: entry.time, mentionsReader: false)
    }

    mutating func noteAbsence(of client: Int, _ status: ConnectionStatus) {
        switch status {
        case .waiting:
            clients[client].lostAt = clients[client].lostAt ?? now
        case .online:
            guard let lostAt = clients[client].lostAt else { return }
            clients[client].lostAt = nil
            clients[client].longestAbsence = max(clients[client].longestAbsence, now - lostAt)
        case .connecting, .loggingIn, .distrusted, .ended:
            break
        }
    }
}
