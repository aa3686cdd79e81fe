/// How long a scrape may take: what Prometheus says it will wait, less what the way back needs.
package struct ScrapeDeadline: Sendable {
    /// The limit without the header, and the longest with it.
    package let limit: Duration
    /// Subtracted from the scraper's timeout.
    package let offset: Duration

    package init(limit: Duration, offset: Duration) {
        self.limit = limit
        self.offset = offset
    }

    /// - Parameter header: `X-Prometheus-Scrape-Timeout-Seconds`; nil when the client sends none.
    /// - Returns: at least half of the scraper's timeout, should the offset be greater than it; nil when the header is no positive number.
    package func duration(header: String?) -> Duration? {
        guard let header else { return limit }
        guard let seconds = Double(header), seconds.isFinite, seconds > 0 else { return nil }
        // More than this is no limit at all, and Duration cannot hold every Double.
        let timeout = Duration.seconds(min(seconds, 86_400))
        return min(limit, max(timeout - offset, timeout / 2))
    }
}
