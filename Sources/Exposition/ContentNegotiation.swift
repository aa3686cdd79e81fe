/// What a request's headers ask for.
package enum ContentNegotiation {
    /// The format to answer with, for the value of `Accept`.
    ///
    /// Each format has the quality of the most specific range that covers it, as RFC 9110 §12.5.1 wants it; the higher quality wins. Where both
    /// are equal, a format that the client named wins over one that a wildcard covers, then the one named first. As in Prometheus' own
    /// libraries the answer is the classic format when nothing fits: a page in the wrong format is still more use to a human than a 406.
    package static func format(accept: String?) -> ExpositionFormat {
        let ranges = QualityItem.list(accept ?? "").enumerated().compactMap { MediaRange($1, position: $0) }
        let text = MediaRange.best(of: ranges, covering: .prometheusText)
        let openMetrics = MediaRange.best(of: ranges, covering: .openMetrics)
        guard let openMetrics, openMetrics.quality > 0 else { return .prometheusText }
        guard let text, text.quality > 0 else { return .openMetrics }
        if openMetrics.quality != text.quality { return openMetrics.quality > text.quality ? .openMetrics : .prometheusText }
        let bothByWildcard = openMetrics.specificity < .named && text.specificity < .named
        if bothByWildcard { return .prometheusText }
        if openMetrics.specificity != text.specificity { return openMetrics.specificity > text.specificity ? .openMetrics : .prometheusText }
        return openMetrics.position < text.position ? .openMetrics : .prometheusText
    }

    /// Whether the response may be compressed with gzip, for the value of `Accept-Encoding`.
    ///
    /// Without the header, and where it cannot be understood, the answer is no: identity is what every client can read.
    package static func acceptsGzip(acceptEncoding: String?) -> Bool {
        let codings = QualityItem.list(acceptEncoding ?? "")
        // `x-gzip` is the same coding by an old name (RFC 9110 §8.4.1.3). A wildcard stands for what is not named.
        let named = codings.filter { $0.value == "gzip" || $0.value == "x-gzip" }
        let decisive = named.isEmpty ? codings.filter { $0.value == "*" } : named
        return decisive.contains { $0.quality > 0 }
    }
}
