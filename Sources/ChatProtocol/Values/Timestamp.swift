/// A moment on the server's clock, together with the offset of its local time.
///
/// Pure modules never read a clock: each event brings its timestamp.
public struct Timestamp: Hashable, Sendable {
    /// Milliseconds since 1970-01-01 00:00:00 UTC; the `at` key of a framed response.
    public let unixMilliseconds: Int64

    /// How many seconds local time was ahead of UTC at this moment.
    public let utcOffsetSeconds: Int32

    /// Creates a timestamp.
    ///
    /// - Parameters:
    ///   - unixMilliseconds: Milliseconds since the Unix epoch, UTC.
    ///   - utcOffsetSeconds: How many seconds local time is ahead of UTC.
    public init(unixMilliseconds: Int64, utcOffsetSeconds: Int32 = 0) {
        self.unixMilliseconds = unixMilliseconds
        self.utcOffsetSeconds = utcOffsetSeconds
    }

    /// The local calendar time, for the `time` key.
    public var wireTime: WireTime {
        let (local, overflow) = unixMilliseconds.addingReportingOverflow(Int64(utcOffsetSeconds) * 1000)
        return WireTime(localMilliseconds: overflow ? unixMilliseconds : local)
    }
}
