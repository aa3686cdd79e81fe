/// One range of an `Accept` header that covers at least one of the formats.
struct MediaRange {
    /// How closely a range describes a format.
    enum Specificity: Int, Comparable {
        case everything
        case topLevel
        case named

        static func < (left: Specificity, right: Specificity) -> Bool { left.rawValue < right.rawValue }
    }

    let quality: Int
    let specificity: Specificity
    /// The place in the header.
    let position: Int
    private let formats: Set<ExpositionFormat>

    init?(_ item: QualityItem, position: Int) {
        let version = item.parameters["version"]
        switch item.value {
        case "*/*":
            self.specificity = .everything
            self.formats = [.prometheusText, .openMetrics]
        case "text/*":
            self.specificity = .topLevel
            self.formats = [.prometheusText]
        case "application/*":
            self.specificity = .topLevel
            self.formats = [.openMetrics]
        // Prometheus 3 also asks for 1.0.0, which is this format with quoted names: not ours.
        case "text/plain" where version == nil || version == "0.0.4":
            self.specificity = .named
            self.formats = [.prometheusText]
        // 0.0.1 is the draft that became 1.0.0; who asks for it reads ours.
        case "application/openmetrics-text" where version.map { $0 == "0.0.1" || $0 == "1" || $0.hasPrefix("1.") } ?? true:
            self.specificity = .named
            self.formats = [.openMetrics]
        default:
            return nil
        }
        self.quality = item.quality
        self.position = position
    }

    /// The range that decides about a format: the most specific; of several such, the one with the highest quality; then the first.
    static func best(of ranges: [MediaRange], covering format: ExpositionFormat) -> MediaRange? {
        ranges.filter { $0.formats.contains(format) }.max { left, right in
            (left.specificity, left.quality, -left.position) < (right.specificity, right.quality, -right.position)
        }
    }
}
