internal import ChatProtocol

/// Assigns numbers and places to the entries of a timeline.
///
/// It does not store the entries; the user interface does.
struct TimelineKeeper: Sendable {
    private var lastID = 0
    /// The place of the newest entry that the server has accepted or that is about the connection.
    private(set) var last = TimelineEntry.Place(epoch: 0, number: 0)
    private var epoch = 0
    private var isNumbered = true
    private var isEmpty = true

    mutating func nextID() -> TimelineEntry.ID {
        lastID += 1
        return TimelineEntry.ID(lastID)
    }

    /// The place of a message with this number.
    func place(of id: MessageID) -> TimelineEntry.Place {
        TimelineEntry.Place(epoch: epoch, number: id.number)
    }

    /// The place directly after a message with this number, and after entries that already follow it there.
    func place(behind id: MessageID) -> TimelineEntry.Place {
        TimelineEntry.Place(epoch: epoch, number: id.number, minor: Int(Int32.max))
    }

    /// The place after all entries that have their final place.
    func placeAtEnd() -> TimelineEntry.Place {
        // The next whole number belongs to the server's next message, so an entry of our own goes right after the last.
        guard epoch == last.epoch else { return TimelineEntry.Place(epoch: epoch, number: 0) }
        return isNumbered
            ? TimelineEntry.Place(epoch: epoch, number: last.number, minor: last.minor + 1)
            : TimelineEntry.Place(epoch: epoch, number: last.number + 1)
    }

    /// Records that an entry has a place.
    ///
    /// - Returns: Whether it is the new last entry.
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

    /// Switches to a server that numbers its messages, or to one that does not.
    mutating func adopt(numbered: Bool) {
        guard numbered != isNumbered else { return }
        isNumbered = numbered
        beginEpoch()
    }
}
