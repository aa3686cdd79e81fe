/// Seconds on the exporter's monotonic clock. Where they start means nothing; only differences do.
package struct MonotonicTime: Sendable, Hashable, Comparable {
    /// Seconds since an origin that does not change while the process lives.
    package let seconds: Double

    package init(_ seconds: Double) {
        self.seconds = seconds
    }

    package static func < (left: MonotonicTime, right: MonotonicTime) -> Bool {
        left.seconds < right.seconds
    }

    /// Seconds from `earlier` to this time; negative when `earlier` is in truth later.
    package func seconds(since earlier: MonotonicTime) -> Double {
        seconds - earlier.seconds
    }
}
