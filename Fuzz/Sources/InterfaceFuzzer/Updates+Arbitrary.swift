import ChatProtocol
import ChatSession
import FuzzSupport

extension SessionUpdate {
    static func arbitrary(_ reader: inout ByteReader) -> SessionUpdate {
        switch reader.number(below: 16) {
        case 0: .status(.arbitrary(&reader))
        case 1:
            .loginNeeded(
                reason: reader.flag() ? SafeText(line: reader.text()) : nil,
                refusal: reader.flag() ? .passwordWrong : nil
            )
        case 2: .identity(nickname: reader.nickname(), color: .white)
        case 3: .olderHistory(available: reader.flag())
        case 4: .notice(SafeText(block: reader.text()), isFailure: reader.flag())
        case 5: .roster(.arbitrary(&reader))
        case 6: .inserted(entries(&reader))
        case 7: .changed(.arbitrary(&reader))
        case 8: .plainPasswordQuestion
        default: .appended(entries(&reader))
        }
    }

    private static func entries(_ reader: inout ByteReader) -> [TimelineEntry] {
        let count = reader.isOne(in: 8) ? reader.number(below: 200) : 1 + reader.number(below: 3)
        let entries = (0..<min(count, 4)).map { _ in TimelineEntry.arbitrary(&reader) }
        // Many entries without long inputs.
        return (0..<count).map { number in
            var entry = entries[number % entries.count]
            entry.id = TimelineEntry.ID(entry.id.number + number)
            return entry
        }
        .sorted { $0.place < $1.place }
    }
}

extension TimelineEntry {
    static func arbitrary(_ reader: inout ByteReader) -> TimelineEntry {
        TimelineEntry(
            id: ID(reader.number(below: 40)),
            place: Place(
                epoch: reader.isOne(in: 16) ? .max : reader.number(below: 2),
                number: reader.hostileNumber(),
                minor: reader.number(below: 3)
            ),
            time: WireTime(localMilliseconds: reader.hostileNumber()),
            at: reader.flag() ? reader.hostileNumber() : nil,
            kind: .arbitrary(&reader),
            text: SafeText(block: reader.text(upTo: 60)),
            delivery: reader.pick([.accepted, .accepted, .pending, .failed(SafeText(block: reader.text()))])
        )
    }
}

extension TimelineEntry.Kind {
    static func arbitrary(_ reader: inout ByteReader) -> TimelineEntry.Kind {
        let name = SafeText(line: reader.nickname())
        return switch reader.number(below: 8) {
        case 0: .warning
        case 1: .error
        case 2: .info(sender: name, event: .join(color: "#fff", isAdmin: false))
        case 3: .info(sender: name, event: reader.flag() ? .leave : nil)
        case 4: .info(sender: name, event: .update(previous: reader.nickname(), color: "#fff", isAdmin: true))
        default:
            .chat(
                sender: name,
                recipient: reader.isOne(in: 3) ? .user(SafeText(line: reader.nickname())) : .everyone,
                color: reader.flag() ? ChatColor(red: reader.byte(), green: 128, blue: reader.byte()) : nil,
                isOwn: reader.flag()
            )
        }
    }
}

extension Roster {
    static func arbitrary(_ reader: inout ByteReader) -> Roster {
        Roster(
            members: (0..<reader.number(below: 30)).map { number in
                Member(
                    nickname: number < 6 ? reader.nickname() : "user\(number)",
                    color: .white,
                    isAdmin: reader.isOne(in: 4),
                    isOwn: number == 1
                )
            }
        )
    }
}

extension ConnectionStatus {
    static func arbitrary(_ reader: inout ByteReader) -> ConnectionStatus {
        let channel = SessionEvent.Channel(address: reader.text(), isEncrypted: reader.flag(), isLocal: reader.flag())
        return switch reader.number(below: 6) {
        case 0: .connecting
        case 1: .loggingIn(channel)
        case 2:
            .waiting(reason: SafeText(line: reader.text()).text, milliseconds: Int(reader.hostileNumber()), attempt: 3)
        case 3: .ended(reason: SafeText(line: reader.text()).text)
        case 4: .distrusted(reason: SafeText(line: reader.text()).text)
        default: .online(channel, framing: .netstring, roundTripMilliseconds: Int(reader.hostileNumber()))
        }
    }
}
