import Exposition
import ReplicationModel

/// The catalogue as a document.
package enum CatalogDocument {
    /// The page docs/METRICS.md.
    package static var markdown: String {
        var page = """
            # Metrics

            Every metric of pgwal_exporter, written by `pgwal_exporter metrics --markdown`. Series about a server have the label `target` (the
            configured name) and the target's constant labels besides those listed. What a version, a role or a missing privilege cannot give is
            absent, never 0. State sets have one series a state, 1 for the present one.

            | metric | type | labels | PostgreSQL | meaning | from |
            |---|---|---|---|---|---|

            """
        for metric in Catalog.metrics {
            let cells = [
                "`\(metric.descriptor.name)`", metric.descriptor.type.word, metric.labels.joined(separator: ", "),
                metric.availability.text, metric.meaning, metric.source,
            ]
            page += "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |\n"
        }
        return page
    }

    /// One metric a paragraph, for a terminal.
    package static var plainText: String {
        Catalog.metrics.map { metric in
            let labels = metric.labels.isEmpty ? "" : "{\(metric.labels.joined(separator: ", "))}"
            return """
                \(metric.descriptor.name)\(labels)  \(metric.descriptor.type.word)
                    \(metric.meaning)
                    PostgreSQL \(metric.availability.text); \(metric.source)

                """
        }.joined(separator: "\n")
    }
}

extension Metric {
    /// The help text without the source that is appended to it.
    fileprivate var meaning: String {
        let source = " [\(source)]"
        let help = descriptor.help
        return help.hasSuffix(source) ? String(help.dropLast(source.count)) : help
    }
}

extension Metric.Availability {
    fileprivate var text: String {
        ["\(since)+", role.map { $0.rawValue }, condition.map { "when \($0)" }].compactMap(\.self).joined(separator: ", ")
    }
}

extension MetricType {
    fileprivate var word: String {
        switch self {
        case .counter: "counter"
        case .gauge: "gauge"
        case .info: "info"
        case .stateSet: "state set"
        case .histogram: "histogram"
        }
    }
}
