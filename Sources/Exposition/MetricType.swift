/// What the numbers of a metric mean, and so which operations make sense on them.
package enum MetricType: Sendable, Hashable {
    /// A total that only grows, and starts again at zero with the process that counts it. Its name ends in `_total`.
    case counter
    /// A value that may go up and down.
    case gauge
    /// Facts in labels; the value is always 1. Its name ends in `_info`.
    case info
    /// One 0/1 series for each state of an enumeration, with all states always present.
    case stateSet
    /// Observations counted in cumulative buckets.
    case histogram
}

/// The unit a metric is measured in. Base units only: whoever reads a page must never have to ask "milli or micro?".
package enum MetricUnit: String, Sendable, Hashable {
    /// Bytes, also for positions in the WAL (bytes since 0/0).
    case bytes
    /// Seconds, also for Unix timestamps.
    case seconds
}
