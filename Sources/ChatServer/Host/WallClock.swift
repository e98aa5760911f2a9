internal import ChatProtocol
internal import Glibc

/// The server's clock with the offset of its local time.
struct WallClock {
    private var offsetSecond: Int = .min
    private var offset: Int32 = 0

    /// The moment that it is.
    mutating func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        if time.tv_sec != offsetSecond {
            // Time zones change their offset on whole seconds.
            offsetSecond = time.tv_sec
            offset = Self.offset(at: time.tv_sec)
        }
        let milliseconds = Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
        return Timestamp(unixMilliseconds: milliseconds, utcOffsetSeconds: offset)
    }

    private static func offset(at second: Int) -> Int32 {
        var second = second
        var local = tm()
        guard localtime_r(&second, &local) != nil else { return 0 }
        return Int32(truncatingIfNeeded: local.tm_gmtoff)
    }
}
