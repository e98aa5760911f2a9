/// How long a user may not come back.
public enum BanTerm: Hashable, Sendable {
    /// For this many seconds, 1 to ``Limits/banSeconds``.
    case seconds(Int)
    /// Until an admin lifts the ban.
    case forever

    /// Reads the value of the `ban` key; nil unless it is a number within bounds or `forever`.
    public init?(wire text: String) {
        if text == "forever" {
            self = .forever
        } else if text.utf8.first.map({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) == true,
            let seconds = Int(text), (1...Limits.banSeconds).contains(seconds)
        {
            self = .seconds(seconds)
        } else {
            return nil
        }
    }

    /// The value of the `ban` key.
    public var wire: String {
        switch self {
        case .seconds(let seconds): String(seconds)
        case .forever: "forever"
        }
    }
}
