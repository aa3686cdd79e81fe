/// When something is used up if things go on as they do.
package enum Forecast {
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
