import PostgresTestSupport
import Testing

extension IntegrationTests {
    @Suite(.serialized)
    struct StandbySituationTests {
        @Test("paused replay: the lag grows on both sides, and goes when replay goes on", arguments: PostgresInstallation.among(13, 15, 18))
        func pausedReplay(_ major: Int) async throws {
            try await withServers {
                let primary = try await PostgresServer.primary(version: major)
                let standby = try await PostgresServer.standby(of: primary, slot: "s")
                let exporter = try await Exporter(targets: [("p", primary.conninfo()), ("s", standby.conninfo())])
                try await withExporter(exporter) { exporter in
                    _ = try await exporter.page(until: "all is replayed") { page in
                        try page.value("pgwal_walsender_replay_lag_bytes") == 0 && page.value("pgwal_replay_backlog_bytes", ["target": "s"]) == 0
                    }
                    try await standby.execute("SELECT pg_wal_replay_pause()")
                    try await primary.execute("CREATE TABLE t AS SELECT i FROM generate_series(1, 20000) i")
                    let page = try await exporter.page(until: "the standby is behind") { page in
                        try page.value("pgwal_replay_backlog_bytes", ["target": "s"]) ?? 0 > 500_000
                            && page.value("pgwal_walsender_replay_lag_bytes") ?? 0 > 500_000
                            && page.state("pgwal_replay_pause_state", "state") == (major == 13 ? "pause requested" : "paused")
                    }
                    #expect(try page.value("pgwal_receiver_up", ["target": "s"]) == 1, "it receives all the same")
                    #expect(try page.value("pgwal_upstream_lag_bytes", ["target": "s"]) ?? 0 > 500_000)
                    try await standby.execute("SELECT pg_wal_replay_resume()")
                    _ = try await exporter.page(until: "it has caught up") { page in
                        try page.value("pgwal_walsender_replay_lag_bytes") == 0 && page.state("pgwal_replay_pause_state", "state") == "not paused"
                    }
                }
            }
        }

        @Test("a standby that is cut off says receiver_up 0 and no lag, not lag 0", arguments: PostgresInstallation.among(15, 18))
        func cutOff(_ major: Int) async throws {
            try await withServers {
                let primary = try await PostgresServer.primary(version: major)
                let standby = try await PostgresServer.standby(of: primary, slot: "s")
                let exporter = try await Exporter(targets: [("p", primary.conninfo()), ("s", standby.conninfo())])
                try await withExporter(exporter) { exporter in
                    _ = try await exporter.page(until: "it streams") { try $0.value("pgwal_receiver_up") == 1 }
                    try await primary.stop()
                    let page = try await exporter.page(until: "the standby is cut off") { try $0.value("pgwal_receiver_up") == 0 }
                    #expect(try page.value("pgwal_receiver_configured") == 1)
                    #expect(try page.value("pgwal_upstream_lag_bytes", ["target": "s"]) == nil)
                    #expect(try page.value("pgwal_up", ["target": "s"]) == 1)
                    let withoutPrimary = try await exporter.page(until: "the primary is down") { try $0.value("pgwal_up", ["target": "p"]) == 0 }
                    let ofNoServer: Set = [
                        "pgwal_up", "pgwal_collection_duration_seconds", "pgwal_collection_pending", "pgwal_connects_total", "pgwal_role_expected",
                        "pgwal_finding",
                    ]
                    #expect(withoutPrimary.names(["target": "p"]) == ofNoServer)
                    try await primary.start()
                    _ = try await exporter.page(until: "all is well again") { page in
                        try page.value("pgwal_receiver_up") == 1 && page.value("pgwal_up", ["target": "p"]) == 1
                    }
                }
            }
        }

        @Test(
            "while the slot is missing at the upstream receiver_up stays 0, though the status flaps to streaming",
            arguments: PostgresInstallation.among(15, 18)
        )
        func missingSlot(_ major: Int) async throws {
            try await withServers {
                let primary = try await PostgresServer.primary(version: major)
                let standby = try await PostgresServer.standby(of: primary, slot: "s", settings: ["wal_retrieve_retry_interval": "1s"])
                let exporter = try await Exporter(targets: [("p", primary.conninfo()), ("s", standby.conninfo())])
                try await withExporter(exporter) { exporter in
                    _ = try await exporter.page(until: "it streams") { try $0.value("pgwal_receiver_up") == 1 }
                    try await primary.execute(
                        """
                        ALTER SYSTEM SET max_wal_senders = 20;
                        SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = 's';
                        """
                    )
                    try await waitUntil("the slot is dropped") {
                        try await primary.psql(
                            "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE active; SELECT pg_drop_replication_slot('s')"
                        )
                        return true
                    }
                    _ = try await exporter.page(until: "nothing is received") { try $0.value("pgwal_receiver_up") == 0 }
                    for _ in 0..<60 {
                        #expect(try await exporter.page().value("pgwal_receiver_up") == 0)
                    }
                    #expect(try await exporter.page().all("pgwal_slot_active", ["target": "p"]).isEmpty)
                    try await primary.createPhysicalSlot("s")
                    _ = try await exporter.page(until: "it streams again") { try $0.value("pgwal_receiver_up") == 1 }
                }
            }
        }

        @Test("a promotion between two scrapes is noticed on the same connection", arguments: PostgresInstallation.among(13, 15, 18))
        func promotion(_ major: Int) async throws {
            try await withServers {
                let primary = try await PostgresServer.primary(version: major)
                let standby = try await PostgresServer.standby(of: primary)
                let exporter = try await Exporter(targets: [("s", standby.conninfo())], collection: "directory_interval: 1s")
                try await withExporter(exporter) { exporter in
                    let before = try await exporter.page(until: "it streams") { try $0.value("pgwal_receiver_up") == 1 }
                    #expect(try before.value("pgwal_timeline") == 1)
                    try await primary.stop()
                    try await standby.promote()
                    let page = try await exporter.page()
                    #expect(try page.value("pgwal_in_recovery") == 0)
                    #expect(try page.value("pgwal_timeline") == 2, "at once, not after the next checkpoint")
                    #expect(try page.value("pgwal_wal_written_bytes_total") != nil)
                    #expect(try page.value("pgwal_receiver_up") == nil)
                    #expect(try page.value("pgwal_wal_replayed_bytes_total") == nil, "these values stay for ever on a promoted server")
                    #expect(page.all("pgwal_collector_success").allSatisfy { $0.value == 1 })
                    #expect(try page.value("pgwal_connects_total") == before.value("pgwal_connects_total"))
                    let fork = try await exporter.page(until: "the history file was listed") {
                        try $0.value("pgwal_promotion_timestamp_seconds") != nil
                    }
                    let position = try await standby.psql("SELECT pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0')::bigint")
                    #expect(try fork.value("pgwal_promotion_fork_position_bytes") == Double(position))
                }
            }
        }

        @Test("two standbys of one name and address are one series with the worst values", arguments: PostgresInstallation.among(15))
        func duplicates(_ major: Int) async throws {
            try await withServers {
                let primary = try await PostgresServer.primary(version: major)
                let first = try await PostgresServer.standby(of: primary, name: "one", applicationName: "walreceiver")
                _ = try await PostgresServer.standby(of: primary, name: "two", applicationName: "walreceiver")
                let exporter = try await Exporter(targets: [("p", primary.conninfo())])
                try await withExporter(exporter) { exporter in
                    try await first.execute("SELECT pg_wal_replay_pause()")
                    try await primary.execute("CREATE TABLE t AS SELECT i FROM generate_series(1, 20000) i")
                    let page = try await exporter.page(until: "one is behind") { page in
                        try page.value("pgwal_walsender_connections") == 2 && page.value("pgwal_walsender_replay_lag_bytes") ?? 0 > 500_000
                    }
                    #expect(try page.state("pgwal_walsender_state", "state") == "streaming")
                    #expect(try page.value("pgwal_walsenders_used") == 2)
                }
            }
        }

        @Test("a restarted standby of an idle primary has no lag", arguments: PostgresInstallation.among(15, 18))
        func restartOfIdle(_ major: Int) async throws {
            try await withServers {
                let primary = try await PostgresServer.primary(version: major)
                let standby = try await PostgresServer.standby(of: primary, slot: "s")
                try await primary.execute("CREATE TABLE t AS SELECT 1")
                try await standby.waitUntilReplayed(primary)
                try await standby.restart()
                let exporter = try await Exporter(targets: [("p", primary.conninfo()), ("s", standby.conninfo())])
                try await withExporter(exporter) { exporter in
                    let page = try await exporter.page(until: "it streams") { try $0.value("pgwal_receiver_up") == 1 }
                    #expect(try page.value("pgwal_replay_backlog_bytes", ["target": "s"]) == 0, "received falls back to the segment's start")
                    #expect(try page.value("pgwal_upstream_lag_bytes", ["target": "s"]) == 0)
                    #expect(try page.value("pgwal_walsender_diverged") == 0)
                }
            }
        }

        @Test("synchronous replication: required, connected, satisfied", arguments: PostgresInstallation.among(15))
        func synchronous(_ major: Int) async throws {
            try await withServers {
                let primary = try await PostgresServer.primary(version: major)
                let standby = try await PostgresServer.standby(of: primary, name: "sync_one", slot: "s")
                let exporter = try await Exporter(targets: [("p", primary.conninfo())])
                try await withExporter(exporter) { exporter in
                    let none = try await exporter.page()
                    #expect(try none.value("pgwal_sync_standbys_required") == 0)
                    try primary.configure(["synchronous_standby_names": "FIRST 1 (sync_one, other)"])
                    primary.reload()
                    let page = try await exporter.page(until: "the change of configuration is noticed") { page in
                        try page.value("pgwal_sync_standbys_required") == 1 && page.state("pgwal_walsender_sync_state", "sync_state") == "sync"
                    }
                    #expect(try page.value("pgwal_sync_satisfied") == 1)
                    #expect(try page.value("pgwal_walsender_sync_priority") == 1)
                    try await standby.stop()
                    let alone = try await exporter.page(until: "the standby is gone") { try $0.value("pgwal_sync_standbys_connected") == 0 }
                    #expect(try alone.value("pgwal_sync_satisfied") == 0)
                }
            }
        }
    }
}
