public import ChatProtocol

/// Which part of the history a query asks for: every store fills its pages by it.
public struct HistorySection: Hashable, Sendable {
    /// Only records after this id.
    public var above: Int64
    /// Only records before this id.
    public var below: Int64
    /// Whether the page starts with the oldest of them; else it ends with the latest.
    public var isForward: Bool
    /// The most records on the page.
    public var limit: Int

    /// Reads a query.
    ///
    /// - Parameter ceiling: The highest id that may be on a page: later records
    ///   may be stored, but are not announced yet.
    public init(_ query: HistoryQuery, ceiling: MessageID) {
        above = query.since?.number ?? -1
        below = min(query.before?.number ?? .max, ceiling.number == .max ? .max : ceiling.number + 1)
        isForward = query.since != nil
        limit = min(max(query.limit ?? Limits.framedHistoryCount, 0), Limits.framedHistoryMaximum)
    }
}
