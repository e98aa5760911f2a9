public import ChatProtocol

/// The result of a look-up in the history.
public struct HistoryPage: Hashable, Sendable {
    /// The records, oldest first.
    public var records: [HistoryRecord]
    /// Whether there are more records in the direction asked for.
    public var more: Bool

    /// Creates a page.
    public init(records: [HistoryRecord], more: Bool) {
        self.records = records
        self.more = more
    }
}

extension HistoryPage {
    /// Fills a page with the records nearest to the reader, in such a way that joins and leaves do not push messages
    /// off it.
    ///
    /// While there are enough messages, INFOs take at most half of the page. The others are left out, and do not count
    /// as `more`.
    ///
    /// - Parameters:
    ///   - messages: The messages, nearest to the reader first; one more than the limit, if there are that many.
    ///   - infos: Joins, leaves and the like, in the same way.
    ///   - section: The part asked for; ids in `messages` and `infos` rise if it goes forward, else they fall.
    public init(choosingFrom messages: [HistoryRecord], _ infos: [HistoryRecord], _ section: HistorySection) {
        let (limit, isForward) = (section.limit, section.isForward)
        let infosAllowed = max(limit / 2, limit - messages.count)
        var messages = messages[...]
        var infos = infos[...]
        var infosTaken = 0
        var records: [HistoryRecord] = []
        while records.count < limit {
            if let info = infos.first, messages.first.map({ (info.id < $0.id) == isForward }) ?? true {
                infos.removeFirst()
                if infosTaken < infosAllowed {
                    records.append(info)
                    infosTaken += 1
                }
            } else if let message = messages.popFirst() {
                records.append(message)
            } else {
                break
            }
        }
        if !isForward { records.reverse() }
        self.init(records: records, more: !messages.isEmpty || !infos.isEmpty)
    }

    /// Fills a page from a list of records in memory.
    ///
    /// - Parameters:
    ///   - records: The records, oldest first.
    ///   - query: What is asked for.
    ///   - isVisible: Whether the reader may see a record.
    public init(
        of records: some RandomAccessCollection<HistoryRecord>,
        _ query: HistoryQuery,
        where isVisible: (HistoryRecord) -> Bool
    ) {
        let section = HistorySection(query, ceiling: MessageID(.max))
        let later = records[records.partitioningIndex { $0.id.number > section.above }...]
        var rest = later[..<later.partitioningIndex { $0.id.number >= section.below }]
        var messages: [HistoryRecord] = []
        var infos: [HistoryRecord] = []
        // One record more than fits on the page shows that there are more.
        while messages.count <= section.limit, let record = section.isForward ? rest.popFirst() : rest.popLast() {
            guard isVisible(record) else { continue }
            switch record.content {
            case .chat: messages.append(record)
            case .info: if infos.count <= section.limit { infos.append(record) }
            }
        }
        self.init(choosingFrom: messages, infos, section)
    }

    /// The part of the page that fits a bound on its text, at least one record.
    ///
    /// - Parameters:
    ///   - maximum: The most bytes of text.
    ///   - isForward: Whether the page starts where the reader stopped; then the oldest records are kept, else the
    ///   latest.
    public func trimmed(toTextBytes maximum: Int, isForward: Bool) -> HistoryPage {
        var bytes = 0
        var count = 0
        for offset in records.indices {
            bytes += records[isForward ? offset : records.count - 1 - offset].textBytes
            guard bytes <= maximum || count == 0 else { break }
            count += 1
        }
        guard count < records.count else { return self }
        return HistoryPage(records: Array(isForward ? records.prefix(count) : records.suffix(count)), more: true)
    }
}

extension HistoryRecord {
    /// The size of its text in bytes.
    public var textBytes: Int {
        switch content {
        case .chat(let message): message.text.utf8.count
        case .info(let info): info.text.utf8.count
        }
    }
}
