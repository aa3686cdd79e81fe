import PostgresTestSupport
import Testing

extension IntegrationTests {
    @Suite(.serialized)
    struct SlotSituationTests {
        @Test("a lost slot is loud: it has a state, a reason and no retained bytes", arguments: PostgresInstallation.among(13, 15, 17, 18))
        func lostSlot(_ major: Int) async throws {
            try await withServers {
                let primary = try await PostgresServer.primary(
                    version: major,
                    settings: ["max_slot_wal_keep_size": "16MB", "max_wal_size": "32MB", "min_wal_size": "32MB"]
                )
                try await primary.createPhysicalSlot("dead")
                try await primary.execute("CREATE TABLE filler AS SELECT 1 AS i")
                let exporter = try await Exporter(targets: [("p", primary.conninfo())])
                try await withExporter(exporter) { exporter in
                    let before = try await exporter.page()
                    #expect(try before.value("pgwal_slot_retained_bytes") != nil)
                    #expect(try before.value("pgwal_slot_safe_wal_bytes") ?? 0 > 0)
                    #expect(try before.state("pgwal_slot_wal_status", "wal_status") == "reserved")

                    for _ in 0..<6 { try await primary.execute("INSERT INTO filler VALUES (1); SELECT pg_switch_wal();") }
                    try await primary.execute("CHECKPOINT")

                    let page = try await exporter.page(until: "the slot is lost") { try $0.state("pgwal_slot_wal_status", "wal_status") == "lost" }
                    #expect(page.all("pgwal_slot_wal_status").count == 5, "every state has its series")
                    #expect(try page.value("pgwal_slot_invalidated", ["reason": major >= 17 ? "wal_removed" : "unknown"]) == 1)
                    #expect(try page.value("pgwal_slot_retained_bytes") == nil, "0 would look healthy")
                    #expect(try page.value("pgwal_slot_safe_wal_bytes") == nil)
                    #expect(try page.value("pgwal_slot_active") == 0)
                }
            }
        }

        @Test("with summarize_wal a slot past its limit is called reserved, and is about to be lost", arguments: PostgresInstallation.among(17, 18))
        func summarized(_ major: Int) async throws {
            try await withServers {
                let primary = try await PostgresServer.primary(
                    version: major,
                    settings: [
                        "summarize_wal": "on", "wal_level": "replica", "max_slot_wal_keep_size": "48MB", "max_wal_size": "512MB",
                        "min_wal_size": "32MB",
                    ]
                )
                try await primary.createPhysicalSlot("dead")
                try await primary.execute("CREATE TABLE filler AS SELECT 1 AS i")
                let exporter = try await Exporter(targets: [("p", primary.conninfo())])
                try await withExporter(exporter) { exporter in
                    let well = try await exporter.topology(until: "it is told of") { $0.codes().contains("slot_inactive p") }
                    #expect(try well.finding("slot_inactive").severity != "critical")
                    for _ in 0..<8 { try await primary.execute("INSERT INTO filler VALUES (1); SELECT pg_switch_wal();") }
                    let page = try await exporter.page()
                    #expect(try page.state("pgwal_slot_wal_status", "wal_status") == "reserved")
                    #expect(try page.value("pgwal_slot_safe_wal_bytes") ?? 1 <= 0)
                    let found = try await exporter.topology(until: "it is told of") { $0.codes().contains("slot_inactive p") }
                    #expect(try found.finding("slot_inactive").severity == "critical")
                }
            }
        }

        @Test("a slot invalidated by its idle timeout holds nothing, though its restart_lsn still stands", arguments: PostgresInstallation.among(18))
        func idleTimeout(_ major: Int) async throws {
            try await withServers {
                let primary = try await PostgresServer.primary(version: major, settings: ["idle_replication_slot_timeout": "1s"])
                try await primary.createPhysicalSlot("idle")
                let exporter = try await Exporter(targets: [("p", primary.conninfo())])
                try await withExporter(exporter) { exporter in
                    let page = try await exporter.page(until: "the slot is invalidated") { page in
                        try page.value("pgwal_slot_invalidated", ["reason": "idle_timeout"]) == 1
                    } before: {
                        try await primary.execute("CHECKPOINT")
                    }
                    #expect(try page.value("pgwal_slot_retained_bytes") == nil)
                    #expect(try page.value("pgwal_slot_invalidated", ["reason": "wal_removed"]) == 0)
                    #expect(try page.value("pgwal_slot_inactive_since_timestamp_seconds") != nil)
                }
            }
        }

        @Test(
            "a slot that is lost and made anew between two scrapes is remembered; one that is made anew in peace is not",
            arguments: PostgresInstallation.among(15, 18)
        )
        func recreated(_ major: Int) async throws {
            try await withServers {
                let primary = try await PostgresServer.primary(
                    version: major,
                    settings: ["max_slot_wal_keep_size": "16MB", "max_wal_size": "32MB", "min_wal_size": "32MB"]
                )
                for slot in ["orders", "calm"] { try await primary.createLogicalSlot(slot) }
                try await primary.execute("CREATE TABLE filler AS SELECT 1 AS i")
                let exporter = try await Exporter(targets: [("p", primary.conninfo())], collection: "lsn_sample_interval: 100ms")
                try await withExporter(exporter) { exporter in
                    let before = try await exporter.page()
                    for slot in ["orders", "calm"] { #expect(try before.value("pgwal_slot_recreated_total", ["slot_name": slot]) == 0) }
                    #expect(before.all("pgwal_slot_lost_timestamp_seconds").isEmpty)

                    // As Patroni does it, within one interval of the scrapes.
                    try await primary.execute("SELECT pg_drop_replication_slot('calm')")
                    for _ in 0..<6 { try await primary.execute("INSERT INTO filler VALUES (1); SELECT pg_switch_wal();") }
                    try await primary.execute("CHECKPOINT")
                    try #require(try await primary.psql("SELECT wal_status FROM pg_replication_slots WHERE slot_name = 'orders'") == "lost")
                    let since = try await primary.psql("SELECT clock_timestamp()")
                    try await waitUntil("the sampler has looked") {
                        let question = "query LIKE 'WITH cur AS MATERIALIZED%' AND pid <> pg_backend_pid()"
                        let sampled = "\(question) AND state = 'idle' AND query_start > '\(since)'"
                        return try await primary.psql("SELECT count(*) FROM pg_stat_activity WHERE \(sampled)") == "1"
                    }
                    try await primary.execute("SELECT pg_drop_replication_slot('orders')")
                    for slot in ["orders", "calm"] { try await primary.createLogicalSlot(slot) }

                    let page = try await exporter.page()
                    #expect(try page.state("pgwal_slot_wal_status", "wal_status", ["slot_name": "orders"]) == "reserved", "it looks well")
                    #expect(try page.value("pgwal_slot_recreated_total", ["slot_name": "orders"]) == 1)
                    #expect(try page.value("pgwal_slot_recreated_total", ["slot_name": "calm"]) == 0)
                    #expect(page.all("pgwal_slot_lost_timestamp_seconds").keys.map { $0.labels["slot_name"] } == ["orders"])
                    let found = try await exporter.topology(until: "it is told of") { $0.codes().contains("slot_recreated p") }
                    let finding = try found.finding("slot_recreated")
                    #expect(finding.slot == "orders" && finding.severity == "critical")
                    #expect(finding.evidence.contains { $0.name == "the former had confirmed" })
                }
            }
        }

        @Test("without any slot there are no slot series, and their number is told", arguments: PostgresInstallation.among(15))
        func noSlots(_ major: Int) async throws {
            try await withServers {
                let primary = try await PostgresServer.primary(version: major)
                let exporter = try await Exporter(targets: [("p", primary.conninfo())])
                try await withExporter(exporter) { exporter in
                    let page = try await exporter.page()
                    #expect(try page.value("pgwal_slots_used") == 0)
                    #expect(try page.value("pgwal_slots_limit") == 20)
                    #expect(page.all("pgwal_slot_active").isEmpty)
                    #expect(try page.value("pgwal_collector_success", ["collector": "slots"]) == 1)
                }
            }
        }

        @Test(
            "temporary slots of base backups come without their pid, and two of them make one series",
            arguments: PostgresInstallation.among(15, 18)
        )
        func temporarySlots(_ major: Int) async throws {
            try await withServers {
                // A backup's temporary slot reserves nothing at first, and the other's checkpoint would remove what it needs.
                let primary = try await PostgresServer.primary(version: major, settings: ["wal_keep_size": "1GB"])
                try await primary.execute("CREATE TABLE big AS SELECT repeat('x', 1000) FROM generate_series(1, 200000)")
                let exporter = try await Exporter(targets: [("p", primary.conninfo())])
                try await withExporter(exporter) { exporter in
                    var backups: [ChildProcess] = []
                    for number in 1...2 {
                        backups.append(
                            try ChildProcess(
                                primary.installation.tool("pg_basebackup"),
                                [
                                    "-d",
                                    primary.conninfo(user: PostgresServer.replicationUser, password: PostgresServer.replicationPassword, over: .tcp),
                                    "-D", try TemporaryRoot.makeDirectory("backup\(number)") + "/data", "-X", "stream", "-c", "fast", "--max-rate",
                                    "2M",
                                ],
                                user: .unprivileged
                            )
                        )
                    }
                    let page = try await exporter.page(until: "two backups run") { page in
                        try page.value("pgwal_walsender_connections", ["slot_name": "pg_basebackup"]) == 2
                            && page.state("pgwal_basebackup_phase", "phase") == "streaming database files"
                    } before: {
                        for backup in backups where !backup.isRunning { throw SupportFailure(backup.output) }
                    }
                    #expect(try page.value("pgwal_walsender_connections", ["application_name": "pg_basebackup", "slot_name": ""]) == 2)
                    #expect(try page.state("pgwal_walsender_state", "state", ["slot_name": ""]) == "backup")
                    #expect(try page.value("pgwal_walsender_replay_lag_bytes", ["slot_name": ""]) == nil, "a backup replays nothing")
                    #expect(page.all("pgwal_slot_active", ["slot_name": "pg_basebackup"]).count == 1)
                    #expect(page.all("pgwal_slot_info", ["temporary": "true"]).count == 1)
                    #expect(try page.value("pgwal_slots_used") == 2)
                    #expect(try page.value("pgwal_basebackup_total_bytes") ?? 0 > 200_000_000)
                    try await primary.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_replication")
                    _ = try await exporter.page(until: "the backups are gone") { $0.all("pgwal_basebackup_phase").isEmpty }
                }
            }
        }

        @Test("pg_receivewal writes and flushes, and replays nothing", arguments: PostgresInstallation.among(13, 18))
        func receiveWAL(_ major: Int) async throws {
            try await withServers {
                let primary = try await PostgresServer.primary(version: major)
                try await primary.createPhysicalSlot("receivewal")
                _ = try await primary.startReceiveWAL(slot: "receivewal")
                try await primary.execute("CREATE TABLE t AS SELECT 1")
                let exporter = try await Exporter(targets: [("p", primary.conninfo())])
                try await withExporter(exporter) { exporter in
                    let page = try await exporter.page(until: "it streams") { page in
                        try page.state("pgwal_walsender_state", "state", ["slot_name": "receivewal"]) == "streaming"
                            && page.value("pgwal_walsender_flush_lag_bytes") != nil
                    }
                    #expect(try page.value("pgwal_walsender_replay_lag_bytes") == nil)
                    #expect(try page.value("pgwal_walsender_replay_lag_seconds") == nil)
                    #expect(try page.value("pgwal_walsender_diverged") == 0)
                    // A segment is flushed at its end only; what is written is told within its status interval.
                    try await primary.execute("CREATE TABLE written AS SELECT 1")
                    let end = Double(try await primary.psql("SELECT pg_current_wal_lsn() - '0/0'::pg_lsn")) ?? .infinity
                    let written = try await exporter.page(until: "it says that it has written that") { page in
                        try page.value("pgwal_wal_written_bytes_total") == end && page.value("pgwal_walsender_write_lag_bytes") == 0
                    }
                    #expect(try written.value("pgwal_walsender_write_age_seconds") == 0)
                    #expect(try written.value("pgwal_walsender_flush_lag_bytes") != 0)
                }
            }
        }
    }
}
