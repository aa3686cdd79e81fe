import PostgresTestSupport
import SnapshotSupport
import Testing

extension IntegrationTests {
    /// What a scrape costs, in numbers that do not depend on the machine: they may only change when somebody means it.
    @Suite(.serialized)
    struct ScrapeCountTests {
        @Test("a warm scrape asks, sends, receives and gives just so much", arguments: PostgresInstallation.among(15, 18))
        func warmScrape(_ major: Int) async throws {
            try await withServers {
                // No process of the server's own may add a row between two scrapes.
                let primary = try await PostgresServer.primary(version: major, settings: ["autovacuum": "off"])
                try await primary.createMonitoringRole()
                try await primary.createLogicalSlot("consumer", plugin: "test_decoding")
                let standby = try await PostgresServer.standby(of: primary, slot: "standby")
                try await standby.waitUntilReplayed(primary)

                let relay = try CountingRelay(to: primary.port)
                defer { relay.close() }
                let dsn =
                    "host=127.0.0.1 port=\(relay.port) user=monitor password=\(PostgresServer.monitoringPassword) dbname=postgres sslmode=disable gssencmode=disable"
                // Neither a listing nor a sample is to come in between.
                let exporter = try await Exporter(targets: [("primary", dsn)], collection: "directory_interval: 1d, lsn_sample_interval: 0")
                try await withExporter(exporter) { exporter in
                    // The age of a transaction is known once the standby has replayed what was there at the first look.
                    _ = try await exporter.page(until: "the directories are listed, and all ages are known") { page in
                        try page.value("pgwal_wal_directory_segments") != nil
                            && page.values.keys.contains { $0.name == "pgwal_walsender_commit_age_seconds" }
                    }
                    var earlier = ""
                    let settled = try await poll("two scrapes cost the same") {
                        relay.reset()
                        let page = try await exporter.page()
                        let report = Self.report(relay.first, page)
                        defer { earlier = report }
                        return (report, isSettled: report == earlier)
                    } until: {
                        $0.isSettled
                    }
                    #expect(relay.connections == 1)
                    Snapshot.expect(settled.0, equals: "scrape-\(major).txt")
                    let values = relay.first.valueBytes
                    #expect(values < 2_048, "the values of a scrape take \(values) bytes")
                }
            }
        }

        private static func report(_ count: ProtocolCount, _ page: Page) -> String {
            let numbers: [(String, Int)] = [
                ("round trips", count.roundTrips),
                ("statements", count.statements.count),
                ("synchronisations", count.syncs),
                ("statements prepared", count.parses),
                ("errors", count.errors),
                ("bytes sent", count.sentBytes),
                ("bytes received, values apart", count.receivedBytes - count.valueBytes),
                ("series of the target", page.values.keys.count { $0.labels["target"] == "primary" }),
                ("series of the exporter", page.values.keys.count { $0.labels["target"] == nil }),
            ]
            let rows = count.statements.map { ("rows of \($0.name)", $0.rows) }
            return (numbers + rows).map { "\($0): \($1)\n" }.joined()
        }
    }
}
