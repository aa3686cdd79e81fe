import ReplicationModel

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The exporter's own clock, Unix time: only to be compared with what servers say of theirs. Durations come from ContinuousClock.
enum WallClock {
    /// Unix time in seconds.
    static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private static let origin = ContinuousClock.now

    /// The same instant for the model, which knows no clocks.
    static func monotonic(_ instant: ContinuousClock.Instant) -> MonotonicTime {
        MonotonicTime((instant - origin) / .seconds(1))
    }

    /// A past instant by both clocks. To be asked once for each instant, soon after it: a later answer may differ by a step of the wall clock.
    static func moment(_ instant: ContinuousClock.Instant) -> Moment {
        Moment(monotonic: monotonic(instant), wall: time(of: instant))
    }

    /// Unix time of a past instant of the monotonic clock.
    static func time(of instant: ContinuousClock.Instant) -> Double {
        now() - (ContinuousClock.now - instant) / .seconds(1)
    }
}
