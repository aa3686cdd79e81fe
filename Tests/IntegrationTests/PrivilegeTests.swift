import PostgresTestSupport
import Testing

extension IntegrationTests {
    @Suite(.serialized)
    struct PrivilegeTests {
        @Test(
            "a role that may only log in: privilege_missing says so, and nothing hidden becomes 0",
            arguments: PostgresInstallation.among(13, 15, 18)
        )
        func loginOnly(_ major: Int) async throws {
            try await withServers {
                let primary = try await PostgresServer.primary(version: major)
                let standby = try await PostgresServer.standby(of: primary, slot: "s")
                try await primary.execute("CREATE ROLE nobody_special LOGIN")
                try await standby.waitUntilReplayed(primary)
                let exporter = try await Exporter(targets: [
                    ("p", primary.conninfo(user: "nobody_special")), ("s", standby.conninfo(user: "nobody_special")),
                ])
                try await withExporter(exporter) { exporter in
                    let page = try await exporter.page(until: "directories were tried") { page in
                        page.all("pgwal_collector_supported", ["collector": "wal_directory"]).count == 2
                            && page.all("pgwal_privilege_missing", ["target": "s"]).count > 1
                    }
                    let privileges = page.all("pgwal_privilege_missing", ["target": "p"])
                    #expect(!privileges.isEmpty)
                    #expect(privileges.values.allSatisfy { $0 == 1 })
                    #expect(try page.value("pgwal_up", ["target": "p"]) == 1)
                    #expect(page.all("pgwal_walsender_state").isEmpty)
                    #expect(page.all("pgwal_walsender_replay_lag_bytes").isEmpty)
                    #expect(try page.value("pgwal_walsenders_used", ["target": "p"]) == 1, "that there is one is no secret")
                    #expect(page.all("pgwal_sync_satisfied").isEmpty)
                    #expect(page.all("pgwal_wal_directory_bytes").isEmpty)
                    #expect(try page.value("pgwal_collector_supported", ["target": "p", "collector": "wal_directory"]) == 0)
                    #expect(page.all("pgwal_collector_success", ["collector": "wal_directory"]).isEmpty, "what is not supported has not failed")
                    #expect(page.all("pgwal_collector_errors_total").isEmpty)
                    #expect(try page.value("pgwal_receiver_configured", ["target": "s"]) == 1)
                    #expect(page.all("pgwal_receiver_up").isEmpty, "whether it receives is hidden")
                    #expect(page.all("pgwal_receiver_status").isEmpty)
                    // What everybody may see is there.
                    #expect(try page.value("pgwal_slot_retained_bytes", ["target": "p", "slot_name": "s"]) != nil)
                    #expect(try page.value("pgwal_timeline", ["target": "p"]) == 1)
                    #expect(try page.value("pgwal_timeline", ["target": "s"]) == 1)
                }
            }
        }

        @Test("archiving that never succeeds is failing, and heals", arguments: PostgresInstallation.among(13, 15, 18))
        func archiver(_ major: Int) async throws {
            try await withServers {
                let primary = try await PostgresServer.primary(
                    version: major,
                    settings: ["archive_mode": "on", "archive_command": "false"]
                )
                try await primary.execute("CREATE TABLE t AS SELECT 1; SELECT pg_switch_wal()")
                let exporter = try await Exporter(targets: [("p", primary.conninfo())], collection: "directory_interval: 1s")
                try await withExporter(exporter) { exporter in
                    let page = try await exporter.page(until: "archiving has failed") { page in
                        try page.value("pgwal_archiver_failing") == 1 && page.value("pgwal_archive_ready_files") ?? 0 >= 1
                    }
                    #expect(try page.value("pgwal_archiver_archived_total") == 0)
                    #expect(try page.value("pgwal_archiver_last_archived_timestamp_seconds") == nil)
                    #expect(try page.value("pgwal_archive_lag_bytes") == nil, "nothing was archived, so there is nothing to measure from")
                    #expect(try page.value("pgwal_archive_oldest_ready_timestamp_seconds") != nil)
                    try primary.configure(["archive_command": "true"])
                    primary.reload()
                    try await primary.execute("SELECT pg_switch_wal()")
                    let well = try await exporter.page(until: "archiving works", timeout: .seconds(90)) { page in
                        try page.value("pgwal_archiver_failing") == 0 && page.value("pgwal_archive_ready_files") == 0
                    }
                    #expect(try well.value("pgwal_archive_lag_bytes") != nil)
                }
            }
        }
    }
}
