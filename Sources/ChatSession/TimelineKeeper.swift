internal import ChatProtocol

/// Gives the entries of a timeline their numbers and places.
///
/// Keeps no entry: whoever shows them does.
struct TimelineKeeper: Sendable {
    private var lastID = 0
    /// The place of the newest entry that the server has, or that is about the
    /// connection.
    private(set) var last = TimelineEntry.Place(epoch: 0, number: 0)
    private var epoch = 0
    private var isNumbered = true
    private var isEmpty = true

    mutating func nextID() -> TimelineEntry.ID {
        lastID += 1
        return TimelineEntry.ID(lastID)
    }

    /// The place of a message with a number.
    func place(of id: MessageID) -> TimelineEntry.Place {
        TimelineEntry.Place(epoch: epoch, number: id.number)
    }

    /// The place right behind a message with a number, and behind what has its
    /// place there already.
    func place(behind id: MessageID) -> TimelineEntry.Place {
        TimelineEntry.Place(epoch: epoch, number: id.number, minor: Int(Int32.max))
    }

    /// The place after everything that is settled.
    func placeAtEnd() -> TimelineEntry.Place {
        // Between numbers there is room only behind the last one, because the
        // next number may be the server's.
        guard epoch == last.epoch else { return TimelineEntry.Place(epoch: epoch, number: 0) }
        return isNumbered
            ? TimelineEntry.Place(epoch: epoch, number: last.number, minor: last.minor + 1)
            : TimelineEntry.Place(epoch: epoch, number: last.number + 1)
    }

    /// Notes that an entry stands at a place.
    ///
    /// - Returns: Whether it is the new end.
    mutating func settle(at place: TimelineEntry.Place) -> Bool {
        guard place > last || isEmpty else { return false }
        isEmpty = false
        last = max(last, place)
        return true
    }

    /// Starts a new numbering after everything so far.
    mutating func beginEpoch() {
        guard !isEmpty else { return }
        epoch += 1
    }

    /// Goes over to a server that numbers its messages, or doesn't.
    mutating func adopt(numbered: Bool) {
        guard numbered != isNumbered else { return }
        isNumbered = numbered
        beginEpoch()
    }
}
