internal import ChatProtocol
internal import ChatServerCore

extension HistoryPage {
    /// As much of the page as a bound on its text allows, at least one record.
    ///
    /// - Parameters:
    ///   - maximum: The most bytes of text.
    ///   - isForward: Whether the page starts where the reader stopped, so that
    ///     the oldest records are kept; else the latest are.
    func trimmed(toTextBytes maximum: Int, isForward: Bool) -> HistoryPage {
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
    /// The size of its text.
    var textBytes: Int {
        switch content {
        case .chat(let message): message.text.utf8.count
        case .info(let info): info.text.utf8.count
        }
    }
}
