internal import ChatProtocol
internal import ChatSession

/// The lines of the message pane, the oldest first.
///
/// Their number is bounded. They are in the order of the places that the session gave them. A notice comes last. It
/// floats below what is still to come above it: history that was asked for, and the answers to pending messages. Then
/// it settles behind the line it came after.
struct Scrollback: Sendable {
    /// How many lines are kept at least.
    static let limit = 10_000

    /// How many lines may be there at a time.
    ///
    /// Dropping many at once, but rarely, keeps adding a line cheap, and leaves room for older history.
    static let highWater = 12_000

    /// An entry, together with its relation to the reader.
    struct Item: Sendable {
        var entry: TimelineEntry
        var time: WireTime
        var mentionsReader: Bool
    }

    private(set) var lines: [ScrollbackLine] = []
    /// Whether lines were dropped at the top.
    private(set) var isTruncated = false
    /// Whether history is awaited that belongs above the notices made meanwhile.
    var isHistoryAwaited = false {
        didSet { if !isHistoryAwaited { settleNotices() } }
    }
    private var nextSerial = 0

    /// The place of a floating notice: after all settled lines, before the pending messages that are typed later.
    private static let floating = TimelineEntry.Place(epoch: .max, number: 0)

    /// Whether there is room for older history.
    var hasRoomForOlder: Bool { !isTruncated && lines.count < Self.limit }

    /// Adds an entry at its place, which is nearly always the end.
    ///
    /// - Returns: The serial of the line that it is now part of.
    @discardableResult
    mutating func append(_ item: Item) -> Int {
        let line = makeLine(item)
        let index = endOfPlaces(upTo: line.place)
        if index > 0, Self.merge(line, into: &lines[index - 1]) { return lines[index - 1].serial }
        lines.insert(line, at: index)
        trim()
        return line.serial
    }

    /// Adds a notice of the program at the end.
    mutating func append(notice: SafeText, isFailure: Bool, time: WireTime) {
        let place = max(Self.floating, lines.last?.place ?? Self.floating)
        let content = ScrollbackLine.Content.notice(notice, isFailure: isFailure)
        lines.append(ScrollbackLine(serial: takeSerial(), content: content, place: place, time: time))
        if !isHistoryAwaited { settleNotices() }
        trim()
    }

    /// Gives the floating notices that have only settled lines above them a place behind those.
    mutating func settleNotices() {
        for index in settledCount..<lines.count {
            guard lines[index].isNotice else { return }
            lines[index].place = index > 0 ? lines[index - 1].place : TimelineEntry.Place(epoch: -1, number: 0)
        }
    }

    /// How many lines have their final place; the pending messages and the floating notices follow.
    var settledCount: Int { lines.partitioningIndex { $0.place >= Self.floating } }

    /// Replaces an entry with its new form, at its new place.
    mutating func change(_ item: Item) {
        let index = lines.lastIndex { line in
            guard case .entry(let other) = line.content else { return false }
            return other.id == item.entry.id
        }
        // A line that was dropped can't be changed any more.
        guard let index else { return }
        let line = Self.line(item, serial: lines[index].serial)
        if line.place == lines[index].place {
            lines[index] = line
        } else {
            lines.remove(at: index)
            put(line)
        }
        if !isHistoryAwaited { settleNotices() }
    }

    /// Puts a line at its place, which may be in the middle of a line of joins and leaves.
    private mutating func put(_ line: ScrollbackLine) {
        let index = endOfPlaces(upTo: line.place)
        guard lines.indices.contains(index) else { return lines.append(line) }
        var parts: [ScrollbackLine] = []
        let units = lines[index].units
        for unit in units where unit.place <= line.place { Self.add(unit, to: &parts) }
        parts.append(line)
        for unit in units where unit.place > line.place { Self.add(unit, to: &parts) }
        lines.replaceSubrange(index...index, with: parts)
    }

    /// Adds older history, each entry at its place.
    mutating func insert(_ items: [Item]) {
        guard !items.isEmpty else { return }
        var late: [ScrollbackLine] = []
        for item in items { late.append(makeLine(item)) }
        late.sort { $0.place < $1.place }
        var merged: [ScrollbackLine] = []
        merged.reserveCapacity(lines.count + late.count)
        var next = 0
        for line in lines.lazy.flatMap(\.units) {
            while next < late.count, late[next].place < line.place {
                Self.add(late[next], to: &merged)
                next += 1
            }
            Self.add(line, to: &merged)
        }
        for line in late[next...] { Self.add(line, to: &merged) }
        lines = merged
        // Do not trim here: the lines that were just asked for would be dropped first.
    }

    private static func add(_ line: ScrollbackLine, to lines: inout [ScrollbackLine]) {
        if let last = lines.indices.last, merge(line, into: &lines[last]) { return }
        lines.append(line)
    }

    /// Merges people who joined or left into the line of those just before.
    private static func merge(_ line: ScrollbackLine, into last: inout ScrollbackLine) -> Bool {
        guard case .presence(let changes) = line.content, let change = changes.first, changes.count == 1,
            case .presence(let before) = last.content, change.fits(after: before)
        else { return false }
        last.content = .presence(before + changes)
        last.place = line.place
        last.wrapped = nil
        return true
    }

    private mutating func makeLine(_ item: Item) -> ScrollbackLine {
        Self.line(item, serial: takeSerial())
    }

    private static func line(_ item: Item, serial: Int) -> ScrollbackLine {
        let entry = item.entry
        if let change = PresenceChange(entry, serial: serial, time: item.time) {
            return ScrollbackLine(serial: serial, content: .presence([change]), place: entry.place, time: item.time)
        }
        var line = ScrollbackLine(serial: serial, content: .entry(entry), place: entry.place, time: item.time)
        line.mentionsReader = item.mentionsReader
        if case .chat(let sender, _, _, _) = entry.kind { line.nameWidth = DisplayWidth.of(sender.text) }
        return line
    }

    /// The index after all lines up to a place, including that place.
    private func endOfPlaces(upTo place: TimelineEntry.Place) -> Int {
        if let last = lines.last, last.place <= place { return lines.count }
        return lines.partitioningIndex { $0.place > place }
    }

    private mutating func takeSerial() -> Int {
        defer { nextSerial += 1 }
        return nextSerial
    }

    private mutating func trim() {
        guard lines.count > Self.highWater else { return }
        lines.removeFirst(lines.count - Self.limit)
        isTruncated = true
    }

    /// The index of the line with a serial, or of the line that it was merged into.
    func index(ofSerial serial: Int) -> Int? {
        lines.lastIndex { $0.answers(to: serial) }
    }

    /// Stores the wrapping of a line.
    mutating func setWrapped(_ wrapped: ScrollbackLine.Wrapped, at index: Int) {
        guard lines.indices.contains(index) else { return }
        lines[index].wrapped = wrapped
    }

    /// The width of the widest recent name, in cells.
    var widestRecentName: Int {
        var widest = 0
        var seen = 0
        for line in lines.suffix(1000).reversed() {
            guard let width = line.nameWidth else { continue }
            widest = max(widest, width)
            seen += 1
            if seen == 200 { break }
        }
        return widest
    }
}

extension ScrollbackLine {
    /// The lines that were merged into this one.
    fileprivate var units: [ScrollbackLine] {
        guard case .presence(let changes) = content, changes.count > 1 else { return [self] }
        return changes.map {
            ScrollbackLine(serial: $0.serial, content: .presence([$0]), place: $0.place, time: $0.time)
        }
    }
}
