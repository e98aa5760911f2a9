public import ChatProtocol

/// The part of the history that a query asks for; every store uses it to fill its pages.
public struct HistorySection: Hashable, Sendable {
    /// Only records after this id.
    public var above: Int64
    /// Only records before this id.
    public var below: Int64
    /// Whether the page starts with the oldest of them; else it ends with the latest.
    public var isForward: Bool
    /// The most records on the page.
    public var limit: Int

    /// Creates the section for a query.
    ///
    /// - Parameter ceiling: The highest id allowed on a page; later records may be stored, but are not published yet.
    public init(_ query: HistoryQuery, ceiling: MessageID) {
        above = query.since?.number ?? -1
        below = min(query.before?.number ?? .max, ceiling.number == .max ? .max : ceiling.number + 1)
        isForward = query.since != nil
        limit = min(max(query.limit ?? Limits.framedHistoryCount, 0), Limits.framedHistoryMaximum)
    }
}
