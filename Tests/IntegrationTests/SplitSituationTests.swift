import Foundation
import PostgresTestSupport
import Testing

extension IntegrationTests {
    /// Two servers that were primaries at one time, which no exporter saw.
    @Suite(.serialized)
    struct SplitSituationTests {
        private static let settings = ["archive_mode": "on", "archive_command": "true", "wal_log_hints": "on", "wal_keep_size": "1GB"]

        private func pair(_ major: Int) async throws -> (old: PostgresServer, new: PostgresServer) {
            let old = try await PostgresServer.primary(version: major, name: "old", settings: Self.settings)
            let new = try await PostgresServer.standby(of: old, name: "new", slot: "new", settings: Self.settings)
            try await new.waitUntilReplayed(old)
            // The time of a history file is told in whole seconds: one of the second of the start may be of the life before.
            try await Task.sleep(for: .milliseconds(1100))
            return (old, new)
        }

        /// Writes, and has the archiver take a segment of that timeline.
        private func write(_ server: PostgresServer, timeline: Int) async throws {
            try await server.execute("CREATE TABLE own_of_\(server.name)_\(timeline) AS SELECT i FROM generate_series(1, 1000) i")
            try await server.execute("SELECT pg_switch_wal()")
            try await waitUntil("it is archived") {
                try await server.psql("SELECT last_archived_wal ~ '^0000000\(timeline)[0-9A-F]{16}$' FROM pg_stat_archiver") == "t"
            }
        }

        private func exporter(_ servers: [PostgresServer]) async throws -> Exporter {
            try await Exporter(targets: servers.map { ($0.name, $0.conninfo()) }, collection: "directory_interval: 1s")
        }

        @Test(
            "A former primary that promoted itself to the timeline of the new one, unseen: proven by what it archived",
            arguments: PostgresInstallation.among(15, 18)
        )
        func unseen(_ major: Int) async throws {
            try await withServers {
                let (old, new) = try await pair(major)
                try await new.promote()
                try await write(old, timeline: 1)
                try await old.stop()
                try old.follow(nil)
                try await old.start()
                try await old.promote()
                try await write(old, timeline: 2)
                try await old.stop()
                try await new.createPhysicalSlot("old")
                try await new.execute("CREATE TABLE theirs AS SELECT i FROM generate_series(1, 100000) i")
                try old.follow(new, slot: "old")
                try await old.start()
                try await withExporter(try await exporter([old, new])) { exporter in
                    let found = try await exporter.topology(until: "it is told of") { $0.codes().contains("failback_needs_base_backup old") }
                    let finding = try found.finding("failback_needs_base_backup")
                    #expect(finding.confidence == "proven" && finding.severity == "critical" && finding.isSafe)
                    #expect(
                        finding.summary.hasPrefix("Standby old has data that primary new never had, and needs a base backup to follow primary new"),
                        "\(finding.summary)"
                    )
                    #expect(finding.evidence.contains { $0.name.hasPrefix("last_archived_wal") })
                    let page = try await exporter.page()
                    #expect(page.all("pgwal_archiver_archived_total", ["target": "old"]).isEmpty, "its archiver does not work")
                }
            }
        }

        @Test(
            "A former primary that was rewound, rebuilt or cleanly switched is not taken for one",
            arguments: PostgresInstallation.among(15, 18)
        )
        func settled(_ major: Int) async throws {
            try await withServers {
                let (old, new) = try await pair(major)
                func nothingIsFound(_ what: String) async throws {
                    try await withExporter(try await exporter([old, new])) { exporter in
                        _ = try await exporter.topology(until: "all stream") { $0.servers.contains { $0.streaming == true } }
                        for _ in 0..<5 {
                            let found = try TopologyAnswer(try await HTTP.get(exporter.url + "/api/v1/topology").body)
                            #expect(!found.findings.contains { $0.code.hasPrefix("failback") }, "\(what)")
                            try await Task.sleep(for: .milliseconds(300))
                        }
                    }
                }

                // Both promoted to timeline 2, both archived of it; then one takes the other's place and data.
                try await new.promote()
                try await old.stop()
                try old.follow(nil)
                try await old.start()
                try await old.promote()
                try await write(old, timeline: 2)
                try await write(new, timeline: 2)
                try await old.stop()
                try await new.createPhysicalSlot("old")
                try await old.copyAnew(new)
                try old.follow(new, slot: "old")
                try await old.start()
                try await old.waitUntilStreaming()
                #expect(try await old.psql("SELECT last_archived_wal FROM pg_stat_archiver") == "", "a base backup has no statistics")
                try await nothingIsFound("rebuilt")

                // A clean switchover: its statistics are of the timeline before.
                try await old.waitUntilReplayed(new)
                try await new.stop()
                try await old.promote()
                try await old.createPhysicalSlot("new_again")
                try new.follow(old, slot: "new_again")
                try await new.start()
                try await new.waitUntilStreaming()
                #expect(try await new.psql("SELECT last_archived_wal LIKE '00000002%' FROM pg_stat_archiver") == "t")
                try await nothingIsFound("switched")

                // Beyond the fork, and rewound.
                try await new.waitUntilReplayed(old)
                try await new.promote()
                try await write(old, timeline: 3)
                try await old.stop()
                try await new.execute("CHECKPOINT")
                try await new.createPhysicalSlot("old_again")
                try await ChildProcess.check(
                    old.installation.tool("pg_rewind"),
                    ["--target-pgdata", old.dataDirectory, "--source-server", new.conninfo(), "--no-sync"],
                    user: .unprivileged,
                    timeout: .seconds(120)
                )
                try old.follow(new, slot: "old_again")
                try await old.start()
                try await old.waitUntilStreaming()
                #expect(try await old.psql("SELECT last_archived_wal FROM pg_stat_archiver") == "", "pg_rewind leaves no statistics")
                try await nothingIsFound("rewound")
            }
        }
    }
}
