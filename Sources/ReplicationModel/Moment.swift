/// One moment by both of the exporter's clocks, read together.
///
/// Order and distance are told by the monotonic clock, which no step of the wall clock moves. The wall clock's time is for people, and for
/// comparison with a server's clock by an offset that was measured at this moment; it is taken once and never computed anew.
package struct Moment: Sendable, Hashable, Comparable {
    package let monotonic: MonotonicTime
    /// Unix time in seconds.
    package let wall: Double

    package init(monotonic: MonotonicTime, wall: Double) {
        self.monotonic = monotonic
        self.wall = wall
    }

    package static func < (one: Moment, other: Moment) -> Bool {
        one.monotonic < other.monotonic
    }
}
