internal import ChatProtocol
internal import ChatSystem

/// The clocks that the program loop uses.
protocol ProgramClock {
    /// The time of day, with the offset of local time.
    var now: Timestamp { get }
    /// Milliseconds of a clock that never goes back.
    var milliseconds: Int64 { get }
}

/// The machine's clocks.
struct MachineClock: ProgramClock {
    var now: Timestamp {
        let time = SystemClock.now
        return Timestamp(unixMilliseconds: time.unixMilliseconds, utcOffsetSeconds: time.utcOffsetSeconds)
    }

    var milliseconds: Int64 { SystemClock.monotonicMicroseconds / 1000 }
}
