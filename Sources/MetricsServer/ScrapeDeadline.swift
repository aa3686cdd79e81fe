/// How long somebody waits for a scrape: what Prometheus says it will wait, less what the way back needs.
package struct ScrapeDeadline: Sendable {
    /// How long a collection may take, whoever waits for it.
    package let limit: Duration
    /// Subtracted from the scraper's timeout.
    package let offset: Duration

    /// Who can wait as long as a collection may take shall hear how it ended.
    private static let margin = Duration.seconds(1)

    package init(limit: Duration, offset: Duration) {
        self.limit = limit
        self.offset = offset
    }

    /// The wait of somebody without a timeout of his own: until the collection has ended, one way or the other.
    package var longest: Duration { limit + Self.margin }

    /// - Parameter header: `X-Prometheus-Scrape-Timeout-Seconds`; nil when the client sends none.
    /// - Returns: at least half of the scraper's timeout, should the offset be greater than it; nil when the header is no positive number.
    package func duration(header: String?) -> Duration? {
        guard let header else { return longest }
        guard let seconds = Double(header), seconds.isFinite, seconds > 0 else { return nil }
        // More than this is no limit at all, and Duration cannot hold every Double.
        let timeout = Duration.seconds(min(seconds, 86_400))
        return min(longest, max(timeout - offset, timeout / 2))
    }
}
