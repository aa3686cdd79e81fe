import Exposition
import Foundation
import Judgement
import MetricCatalog
import PostgresTestSupport
import ReplicationModel
import Testing

/// What one look concludes, and what the alert rules conclude from the page of the same servers when that stays so: the same.
struct AgreementTests {
    /// Longer than any alert with a twin waits.
    private static let minutes = 45

    @Test("Alerts and findings agree, in every situation: which there are, and how bad")
    func agreement() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "agreement-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "agreement.yml")
        try Self.promtoolTests().write(to: file, atomically: true, encoding: .utf8)
        let outcome = try await ChildProcess.run("promtool", ["test", "rules", file.path()], timeout: .seconds(600))
        #expect(outcome.status == .code(0), "\(outcome.output)\(outcome.errors)")
    }

    @Test("Every alert that is the twin of a finding is in one of the situations")
    func complete() {
        let seen = Set(Situation.all.flatMap { $0.twins.map(\.alert) })
        #expect(Set(Self.twins.keys).subtracting(seen) == Situation.notMade)
    }

    @Test("An address that leads to a server which another target is changes neither: it is told of by what it is alone")
    func addresses() {
        for situation in Situation.all {
            let plain = findings(situation.reports, clusters: situation.clusters)
            let addressed = findings(situation.addressed.reports, clusters: situation.clusters)
            #expect(addressed.map(\.summary) == plain.map(\.summary), "\(situation.name)")
            #expect(!addressed.contains { $0.target?.hasPrefix("address") == true }, "\(situation.name)")
        }
    }

    /// By the alert's name, what the table says of it.
    private static var twins: [String: [Verdict.Case]] {
        Dictionary(grouping: Verdict.all.flatMap(\.cases).filter { $0.alert != nil }, by: { $0.alert!.name })
    }

    private static func promtoolTests() throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let names = ["thresholds", "facts", "archiving", "availability", "disaster-recovery", "exporter", "lag", "retained-wal", "slots", "topology"]
        let files = names.map { "  - \(root.appending(path: "alerts/\($0).yml").path())\n" }.joined()
        let groups = names.map { "pgwal-\($0)" }.joined(separator: ", ")
        let query =
            "group by (alertname, severity, address) (label_replace(ALERTS{alertstate=\"firing\", alertname=~\"\(twins.keys.sorted().joined(separator: "|"))\"}, \"address\", \"$1\", \"target\", \"(address).*\"))"
        let rules = try names.map { try String(contentsOf: root.appending(path: "alerts/\($0).yml"), encoding: .utf8) }.joined()
        return "rule_files:\n\(files)evaluation_interval: 5m\ngroup_eval_order: [\(groups)]\ntests:\n"
            + Situation.all.map { $0.addressed.promtoolTest(query: query, minutes: minutes, rules: rules) }.joined()
    }
}

/// Servers as an exporter sees them.
struct Situation {
    let name: String
    var reports: [TargetReport]
    var clusters: [PatroniCluster] = []

    /// The alerts that say what the findings say.
    var twins: Set<Twin> {
        var twins: Set<Twin> = []
        for finding in findings(reports, clusters: clusters) {
            guard let alert = finding.alert else { continue }
            twins.insert(Twin(alert: alert.name, severity: finding.severity == .notice ? "info" : finding.severity.rawValue))
        }
        return twins
    }

    /// The same, each server that is up reached by a virtual address as well.
    var addressed: Situation {
        var situation = self
        let up = reports.compactMap { report in report.snapshot.map { ($0, $0.role) } }
        situation.reports += up.enumerated().map { index, server in
            report("address\(index)", server.0, expecting: Expectations(role: server.1))
        }
        return situation
    }

    struct Twin: Hashable {
        let alert: String
        let severity: String
    }

    /// A unit test of promtool's: the page as it is, for so long, and then the twins.
    func promtoolTest(query: String, minutes: Int, rules: String) -> String {
        let page = String(decoding: Catalog.page(of: reports, clusters: clusters, exporter: nil, format: .prometheusText), as: UTF8.self)
        let series = page.split(separator: "\n").filter { $0.hasPrefix("pgwal_") }.compactMap { line -> String? in
            guard let space = line.lastIndex(of: " "), var value = Double(line[line.index(after: space)...]) else { return nil }
            let name = line.prefix { $0 != "{" && $0 != " " }
            guard rules.contains(name) else { return nil }
            // promtool's time begins at 0, and the situation is looked at in the end.
            if name.hasSuffix("_timestamp_seconds") { value += Double(minutes * 60) - 1000 }
            let labels = line[..<space].dropFirst(name.count).drop { $0 == "{" }
            let key = "\(name){job=\"pgwal\",instance=\"fleet:10195\"\(labels.isEmpty ? "}" : "," + labels)".replacing("'", with: "''")
            return "      - {series: '\(key)', values: '\(value)x\(minutes + 5)'}\n"
        }
        let samples = twins.sorted { $0.alert < $1.alert }.map {
            "          - {labels: '{alertname=\"\($0.alert)\", severity=\"\($0.severity)\"}', value: 1}\n"
        }
        return """
              - name: '\(name.replacing("'", with: "''"))'
                interval: 1m
                input_series:
                  - {series: 'up{job="pgwal",instance="fleet:10195"}', values: '1x\(minutes + 5)'}
            \(series.joined())    promql_expr_test:
                  - expr: '\(query)'
                    eval_time: \(minutes)m
                    exp_samples:\(samples.isEmpty ? " []\n" : "\n" + samples.joined())
            """ + "\n"
    }
}
