package import ReplicationModel

/// When something is used up if things go on as they do.
package enum Forecast {
    /// In these seconds a burst shows.
    package static let shortWindow = 60.0
    /// For these seconds a pause does not reset what is known of the rate.
    package static let longWindow = 900.0

    /// Bytes of WAL per second: the higher rate of a short and a long window, so that a burst counts and a pause does not reset.
    ///
    /// When writes stop it stays at the long window's rate and falls to 0 within that window.
    /// - Returns: nil when neither window is known.
    package static func walRate(_ clock: WALClock, at now: MonotonicTime) -> Double? {
        [shortWindow, longWindow].compactMap { clock.rate(over: $0, at: now) }.max()
    }

    /// Beyond this a forecast says nothing: it is what the few bytes that an idle server writes come to.
    package static let farthest = 10 * 365.25 * 86_400

    /// Seconds until `remaining` bytes are used up at `rate` bytes per second.
    ///
    /// - Returns: 0 only when nothing remains. nil when the rate is not known, is 0 or negative, or when it would take longer than
    ///   ``farthest``.
    package static func secondsUntilUsedUp(remaining: Int64, rate: Double?) -> Double? {
        guard remaining > 0 else { return 0 }
        guard let rate, rate.isFinite, rate > 0 else { return nil }
        let seconds = Double(remaining) / rate
        return seconds <= farthest ? seconds : nil
    }
}
