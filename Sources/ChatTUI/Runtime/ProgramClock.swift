internal import ChatProtocol
internal import Glibc

/// The clocks that the program loop reads.
protocol ProgramClock {
    /// The time of day, with the offset of local time.
    var now: Timestamp { get }
    /// Milliseconds of a clock that only goes forward.
    var milliseconds: Int64 { get }
}

/// The system's clocks.
struct SystemClock: ProgramClock {
    var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        var local = tm()
        let offset = localtime_r(&time.tv_sec, &local) == nil ? 0 : local.tm_gmtoff
        return Timestamp(
            unixMilliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000,
            utcOffsetSeconds: Int32(truncatingIfNeeded: offset)
        )
    }

    var milliseconds: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
