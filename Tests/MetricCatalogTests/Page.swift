import Exposition
import MetricCatalog
import ReplicationModel

/// A target that is up.
func report(_ snapshot: ServerSnapshot, name: String = "orders-dc1-a", labels: [(name: String, value: String)] = []) -> TargetReport {
    TargetReport(name: name, labels: labels, outcome: .up(snapshot), seconds: 0.0125, connects: 1, errors: [:])
}

/// The series of a page in the classic format, each with its value.
func series(_ reports: [TargetReport], exporter: ExporterReport? = nil) -> [String: String] {
    let lines = lines(reports, exporter: exporter).filter { !$0.hasPrefix("#") }
    return Dictionary(lines.compactMap(Series.init).map { ($0.key, $0.value) }) { first, _ in first }
}

/// The series of one metric, `pgwal_` left out; its labels without the target.
func series(_ metric: String, _ snapshot: ServerSnapshot) -> [String: String] {
    var found: [String: String] = [:]
    for (key, value) in series([report(snapshot)]) {
        guard key == "pgwal_\(metric)" || key.hasPrefix("pgwal_\(metric){") else { continue }
        let labels = key.dropFirst("pgwal_\(metric){target=\"orders-dc1-a\"".count).dropLast()
        found[String(labels.first == "," ? labels.dropFirst() : labels)] = value
    }
    return found
}

/// A page's lines.
func lines(_ reports: [TargetReport], exporter: ExporterReport? = nil, format: ExpositionFormat = .prometheusText) -> [String] {
    let page = Catalog.page(of: reports, exporter: exporter, format: format)
    return String(decoding: page, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
}

/// A line of a page, split at its last space.
private struct Series {
    let key: String
    let value: String

    init?(_ line: String) {
        guard let space = line.lastIndex(of: " ") else { return nil }
        key = String(line[..<space])
        value = String(line[line.index(after: space)...])
    }
}
