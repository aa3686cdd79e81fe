/// The ways of writing a page.
package enum ExpositionFormat: Sendable, Hashable, CaseIterable {
    /// Prometheus' classic text format, version 0.0.4. Everything reads it.
    case prometheusText
    /// OpenMetrics 1.0, which adds units, real info types, and an end mark that tells a whole page from a truncated one.
    case openMetrics

    /// The value of the response's `Content-Type`.
    package var contentType: String {
        switch self {
        case .prometheusText: "text/plain; version=0.0.4; charset=utf-8"
        case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
        }
    }
}
