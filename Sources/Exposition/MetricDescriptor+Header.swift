extension MetricDescriptor {
    /// The name in `# HELP` and `# TYPE`.
    ///
    /// OpenMetrics names a family without the suffix that its samples carry. Two metrics whose full names differ only by such a suffix would
    /// be one family there, so no table of metrics may hold `x` beside `x_total` or `x_info`.
    package func familyName(in format: ExpositionFormat) -> String {
        guard format == .openMetrics, let suffix = requiredSuffix, name.hasSuffix(suffix) else { return name }
        return String(name.dropLast(suffix.count))
    }

    /// The word in `# TYPE`.
    func typeKeyword(in format: ExpositionFormat) -> String {
        switch (format, type) {
        case (_, .histogram): "histogram"
        // OpenMetrics' own `stateset` demands that the label with the state is named like the metric itself. Ours are called `state`,
        // `wal_status` and the like, which read better in a query and let rules join on them, so they are gauges there, too.
        case (_, .gauge), (_, .stateSet): "gauge"
        case (.prometheusText, .counter): "counter"
        // The classic format has no such type.
        case (.prometheusText, .info): "gauge"
        // A sample without the suffix makes the family invalid, and with it the page; what is announced as unknown may be called anything.
        case (.openMetrics, .counter): name.hasSuffix("_total") ? "counter" : "unknown"
        case (.openMetrics, .info): name.hasSuffix("_info") ? "info" : "unknown"
        }
    }

    /// The unit to announce: OpenMetrics parsers reject one that is not the end of the family's name.
    var announcedUnit: MetricUnit? {
        guard let unit, familyName(in: .openMetrics).hasSuffix("_\(unit.rawValue)") else { return nil }
        return type == .info ? nil : unit
    }

    private var requiredSuffix: String? {
        switch type {
        case .counter: "_total"
        case .info: "_info"
        case .gauge, .stateSet, .histogram: nil
        }
    }
}
