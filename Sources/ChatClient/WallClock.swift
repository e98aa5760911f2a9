internal import ChatProtocol

#if canImport(Darwin)
internal import Darwin
#elseif canImport(Musl)
internal import Musl
#else
internal import Glibc
#endif

/// The machine's clock and time zone, for the modules that decide and have none.
enum WallClock {
    /// The present moment.
    static func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        var seconds = time.tv_sec
        var local = tm()
        localtime_r(&seconds, &local)
        return Timestamp(
            unixMilliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000,
            utcOffsetSeconds: Int32(truncatingIfNeeded: local.tm_gmtoff)
        )
    }
}
