import Exposition
import MetricCatalog
import ReplicationModel
import SnapshotSupport
import Testing

/// Whole pages, so that no change of a name, a label, a help text or a number goes unseen.
struct GoldenPageTests {
    @Test("The page of a primary in the classic format is as it was")
    func primary() {
        Snapshot.expect(page(.primary, .prometheusText), equals: "primary.txt")
    }

    @Test("The page of a primary in OpenMetrics is as it was")
    func primaryOpenMetrics() {
        Snapshot.expect(page(.primary, .openMetrics), equals: "primary.openmetrics.txt")
    }

    @Test("The page of a standby in the classic format is as it was")
    func standby() {
        Snapshot.expect(page(.standby, .prometheusText), equals: "standby.txt")
    }

    @Test("The page of a standby in OpenMetrics is as it was")
    func standbyOpenMetrics() {
        Snapshot.expect(page(.standby, .openMetrics), equals: "standby.openmetrics.txt")
    }

    private func page(_ role: ServerRole, _ format: ExpositionFormat) -> String {
        let target = TargetReport(
            name: role == .primary ? "orders-dc1-a" : "orders-dc2-a",
            labels: [(name: "site", value: role == .primary ? "dc1" : "dc2")],
            outcome: .up(role == .primary ? .primary18 : .standby18),
            seconds: 0.0125,
            connects: 2,
            errors: role == .primary ? [.walSummaries: [.permission: 3]] : [:]
        )
        let exporter = ExporterReport(
            build: .init(version: "1.0.0", swiftVersion: "6.3.1", libpqVersion: "15.18"),
            process: .init(
                cpuSeconds: 0.5,
                residentBytes: 18_874_368,
                virtualBytes: 251_658_240,
                openFileDescriptors: 12,
                maxFileDescriptors: 1_024,
                threads: 4,
                startTime: 1_795_453_600
            )
        )
        let page = Catalog.page(of: [target], exporter: role == .primary ? exporter : nil, format: format)
        return String(decoding: page, as: UTF8.self)
    }
}
