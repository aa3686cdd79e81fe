import Exposition
import Judgement

/// What the exporter concludes of all its targets together. A finding is there while it holds: its series comes and goes with it.
enum FindingMetrics {
    private static let judged = Metric.Availability.from(13, nil, when: "there is such a finding; not on /probe, which sees one target alone")

    static let all: [Metric] = [
        .number(
            "finding",
            of: .finding,
            "Findings of this code at the target, as the page and /api/v1/topology have them: 1, or as many as there are slots or standbys concerned. docs/findings.md has the codes.",
            source: "judged by the exporter",
            judged
        ) { $0 },
        .number(
            "finding_silenced",
            of: .silencedFinding,
            "Findings of this code at the target that the configuration silences for now; they are not among pgwal_finding.",
            source: "judged by the exporter; silence: in the configuration",
            judged
        ) { $0 },
    ]
}

extension Subjects where Subject == Int {
    /// How many findings of each code, severity and confidence.
    static var finding: Self {
        Subjects(["code", "severity", "confidence"]) { view, visit in
            count(view.findings.filter { $0.silence == nil }, by: { [$0.code.rawValue, $0.severity.rawValue, $0.confidence.rawValue] }) {
                keys,
                count in
                let labels = zip(["code", "severity", "confidence"], keys).map { Label(name: $0, value: $1) }
                visit(count, view.labels.appending(labels))
            }
        }
    }

    /// How many findings of each code are silenced.
    static var silencedFinding: Self {
        Subjects(["code"]) { view, visit in
            count(view.findings.filter { $0.silence != nil }, by: { [$0.code.rawValue] }) { keys, count in
                visit(count, view.labels.appending(Label(name: "code", value: keys[0])))
            }
        }
    }

    private static func count(_ findings: [Finding], by keys: (Finding) -> [String], _ visit: ([String], Int) -> Void) {
        guard !findings.isEmpty else { return }
        for (keys, found) in Dictionary(grouping: findings, by: keys).sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            visit(keys, found.count)
        }
    }
}
