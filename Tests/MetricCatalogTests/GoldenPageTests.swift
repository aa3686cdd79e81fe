import Exposition
import MetricCatalog
import ReplicationModel
import Testing

/// Whole pages, so that no change of a name, a label, a help text or a number goes unseen.
///
/// After a change that is meant: `PGWAL_RECORD_GOLDEN=1 swift test --filter GoldenPageTests`, and read the difference.
struct GoldenPageTests {
    @Test("The page of a primary in the classic format is as it was")
    func primary() throws {
        try expect(page(.primary, .prometheusText), equals: GoldenPage.primaryText, in: "primaryText")
    }

    @Test("The page of a primary in OpenMetrics is as it was")
    func primaryOpenMetrics() throws {
        try expect(page(.primary, .openMetrics), equals: GoldenPage.primaryOpenMetrics, in: "primaryOpenMetrics")
    }

    @Test("The page of a standby in the classic format is as it was")
    func standby() throws {
        try expect(page(.standby, .prometheusText), equals: GoldenPage.standbyText, in: "standbyText")
    }

    @Test("The page of a standby in OpenMetrics is as it was")
    func standbyOpenMetrics() throws {
        try expect(page(.standby, .openMetrics), equals: GoldenPage.standbyOpenMetrics, in: "standbyOpenMetrics")
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

    private func expect(_ page: String, equals golden: String, in name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        if GoldenPage.isRecording { return try GoldenPage.record(page, as: name) }
        let (found, expected) = (page.split(separator: "\n"), golden.split(separator: "\n"))
        let difference = found.difference(from: expected).map { change in
            switch change {
            case .insert(_, let line, _): "+ \(line)"
            case .remove(_, let line, _): "- \(line)"
            }
        }
        #expect(difference == [], sourceLocation: sourceLocation)
        #expect(page == golden, sourceLocation: sourceLocation)
    }
}
