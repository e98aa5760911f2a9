internal import Glibc
internal import Synchronization

/// The clocks of the machine.
public enum SystemClock {
    /// The time of day.
    public struct Reading: Hashable, Sendable {
        /// Milliseconds since 1970 in UTC.
        public let unixMilliseconds: Int64
        /// How many seconds local time is ahead of UTC.
        public let utcOffsetSeconds: Int32
    }

    /// The time of day, with the offset of local time.
    public static var now: Reading {
        let time = read(CLOCK_REALTIME)
        let offset = cachedOffset.withLock { cached in
            // The offset of a time zone changes only on whole seconds.
            if cached.second != time.tv_sec { cached = (time.tv_sec, localOffset(at: time.tv_sec)) }
            return cached.offset
        }
        return Reading(
            unixMilliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000,
            utcOffsetSeconds: offset
        )
    }

    /// Milliseconds since 1970 in UTC.
    public static var unixMilliseconds: Int64 {
        let time = read(CLOCK_REALTIME)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    /// Microseconds of a clock that nobody can set.
    public static var monotonicMicroseconds: Int64 {
        let time = read(CLOCK_MONOTONIC)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
    }

    /// The offset of local time, cached for one second because looking it up costs more than reading the clock.
    private static let cachedOffset = Mutex((second: Int.min, offset: Int32(0)))

    private static func read(_ clock: clockid_t) -> timespec {
        var time = timespec()
        clock_gettime(clock, &time)
        return time
    }

    private static func localOffset(at second: Int) -> Int32 {
        var second = second
        var local = tm()
        guard localtime_r(&second, &local) != nil else { return 0 }
        return Int32(truncatingIfNeeded: local.tm_gmtoff)
    }
}
