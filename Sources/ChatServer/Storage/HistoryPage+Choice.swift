public import ChatServerCore

extension HistoryPage {
    /// Chooses what stands on a page, nearest first, so that joins and leaves
    /// push nothing off it that was said.
    ///
    /// While there are enough messages, INFOs take at most half of the page:
    /// those beyond are left out, and not counted as `more`.
    ///
    /// - Parameters:
    ///   - messages: What was said, nearest to the reader first: up to one more
    ///     than the limit, where there are that many.
    ///   - infos: Joins, leaves and the like, in the same way.
    ///   - limit: The most records on the page.
    ///   - isForward: Whether ids rise in `messages` and `infos`.
    public init(choosingFrom messages: [HistoryRecord], _ infos: [HistoryRecord], limit: Int, isForward: Bool) {
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
}
