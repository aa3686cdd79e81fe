import Foundation
import PostgresTestSupport
import Testing

extension IntegrationTests {
    /// Slots that a standby keeps a copy of (17 and later), through promotions.
    @Suite(.serialized)
    struct FailoverSlotTests {
        private static let password = "failover-secret"

        private func exporter(_ servers: [(String, PostgresServer)]) async throws -> Exporter {
            // Over TCP, as the standbys know each other.
            try await Exporter(targets: servers.map { ($0.0, $0.1.conninfo(password: Self.password, over: .tcp)) })
        }

        /// A primary with a failover slot, and a standby that is told to keep a copy of it.
        private func pair(_ major: Int, synchronizes: Bool = true) async throws -> (primary: PostgresServer, standby: PostgresServer) {
            let primary = try await PostgresServer.primary(version: major, settings: ["hot_standby_feedback": "on"])
            try await primary.execute("ALTER ROLE postgres PASSWORD '\(Self.password)'")
            let standby = try await PostgresServer.standby(
                of: primary,
                slot: "standby",
                settings: [
                    "hot_standby_feedback": "on", "sync_replication_slots": synchronizes ? "on" : "off",
                    "primary_conninfo": primary.conninfo(password: Self.password, over: .tcp) + " application_name=standby",
                ]
            )
            try await primary.execute("SELECT pg_create_logical_replication_slot('orders', 'test_decoding', false, false, true)")
            return (primary, standby)
        }

        /// Its consumer has to move before a copy is kept.
        private func waitUntilSynchronized(_ primary: PostgresServer, _ standby: PostgresServer) async throws {
            try await waitUntil("the slot is synchronized", timeout: .seconds(90)) {
                try await primary.execute(
                    "SELECT pg_log_standby_snapshot(); SELECT pg_logical_emit_message(true, 'test', 'moved'); SELECT count(*) FROM pg_logical_slot_get_changes('orders', NULL, NULL)"
                )
                return try await standby.psql("SELECT synced AND NOT temporary FROM pg_replication_slots WHERE slot_name = 'orders'") == "t"
            }
        }

        @Test("a copy that was promoted is a slot like any other: it keeps WAL", arguments: PostgresInstallation.among(17, 18))
        func promoted(_ major: Int) async throws {
            try await withServers {
                let (primary, standby) = try await pair(major)
                try await waitUntilSynchronized(primary, standby)
                let exporter = try await exporter([("s", standby)])
                try await withExporter(exporter) { exporter in
                    let copy = try await exporter.page()
                    #expect(copy.all("pgwal_slot_info", ["slot_name": "orders", "synced": "true"]).count == 1)
                    #expect(try await exporter.topology(until: "all is well") { $0.codes() == [] }.findings.allSatisfy { $0.slot != "orders" })

                    try await primary.stop()
                    try await standby.promote()
                    #expect(try await standby.psql("SELECT synced FROM pg_replication_slots WHERE slot_name = 'orders'") == "t", "it stays so")
                    let idle = try await exporter.topology(until: "it is told of") { $0.codes().contains("slot_inactive s") }
                    #expect(try idle.finding("slot_inactive").slot == "orders")
                    let page = try await exporter.page()
                    #expect(page.all("pgwal_slot_info", ["slot_name": "orders", "synced": "false"]).count == 1, "alerts leave copies out")
                    #expect(try page.value("pgwal_slot_confirmed_flush_lag_bytes", ["slot_name": "orders"]) != nil)
                }
            }
        }

        @Test("a copy that was promoted and is lost is a loss like any other: critical, and no copy", arguments: PostgresInstallation.among(17, 18))
        func lostAfterPromotion(_ major: Int) async throws {
            try await withServers {
                let (primary, standby) = try await pair(major)
                try await waitUntilSynchronized(primary, standby)
                try await primary.stop()
                try standby.configure(["max_slot_wal_keep_size": "16MB", "max_wal_size": "32MB", "min_wal_size": "32MB"])
                standby.reload()
                try await standby.promote()
                try await standby.execute("CREATE TABLE filler AS SELECT 1 AS i")
                let exporter = try await exporter([("s", standby)])
                try await withExporter(exporter) { exporter in
                    for _ in 0..<6 { try await standby.execute("INSERT INTO filler VALUES (1); SELECT pg_switch_wal();") }
                    try await standby.execute("CHECKPOINT")
                    #expect(
                        try await standby.psql("SELECT synced, wal_status FROM pg_replication_slots WHERE slot_name = 'orders'") == "t|lost",
                        "it is called a copy still"
                    )
                    let found = try await exporter.topology(until: "it is told of") { $0.codes().contains("slot_lost s") }
                    let finding = try found.finding("slot_lost")
                    #expect(finding.slot == "orders" && finding.severity == "critical")
                    // What PgwalSlotLost asks for.
                    let page = try await exporter.page()
                    #expect(try page.value("pgwal_slot_invalidated", ["slot_name": "orders", "reason": "wal_removed"]) == 1)
                    #expect(page.all("pgwal_slot_info", ["slot_name": "orders", "synced": "true"]).isEmpty)
                }
            }
        }

        @Test(
            "a slot that all logical consumers wait for is named, with why, and they go on after the printed cure",
            arguments: PostgresInstallation.among(17, 18)
        )
        func synchronizedSlots(_ major: Int) async throws {
            try await withServers {
                let (primary, standby) = try await pair(major)
                _ = try await primary.startReceiveLogical(slot: "orders")
                try primary.configure(["synchronized_standby_slots": "standby"])
                primary.reload()
                let exporter = try await exporter([("p", primary), ("s", standby)])
                try await withExporter(exporter) { exporter in
                    let well = try await exporter.page(until: "it is set") { page in
                        page.all("pgwal_synchronized_standby_slot", ["slot_name": "standby"]).count == 1
                    }
                    #expect(try well.value("pgwal_synchronized_standby_slot_blocking", ["slot_name": "standby"]) == 0)
                    _ = try await exporter.topology(until: "nobody waits") { !$0.codes().contains("synchronized_slot_blocks p") }

                    try await primary.createPhysicalSlot("unused")
                    try primary.configure(["synchronized_standby_slots": "standby, unused"])
                    primary.reload()
                    try await waitUntil("it is set") { try await primary.psql("SHOW synchronized_standby_slots") == "standby, unused" }
                    let waits = try await exporter.topology(until: "they wait for it") { topology in
                        topology.codes().contains("synchronized_slot_blocks p")
                    } before: {
                        try await primary.execute("SELECT pg_logical_emit_message(true, 'test', 'waits')")
                    }
                    let finding = try waits.finding("synchronized_slot_blocks")
                    #expect(finding.slot == "unused" && finding.severity == "critical")
                    #expect(finding.evidence.contains { $0.name == "sessions in WaitForStandbyConfirmation" && $0.value == "1" })
                    let page = try await exporter.page()
                    #expect(try page.value("pgwal_synchronized_standby_slot_blocking", ["slot_name": "unused"]) == 1)
                    #expect(try page.value("pgwal_synchronized_standby_slot_blocking", ["slot_name": "standby"]) == 0)

                    // A slot that is gone is waited for as well.
                    try await primary.execute("SELECT pg_drop_replication_slot('unused')")
                    let missing = try await exporter.topology(until: "it is missing") { topology in
                        try topology.codes().contains("synchronized_slot_blocks p")
                            && topology.finding("synchronized_slot_blocks").summary.contains("does not exist")
                    }
                    for statement in try missing.finding("synchronized_slot_blocks").sql.filter({ !$0.contains("create") }) {
                        try await primary.execute(statement)
                    }
                    _ = try await exporter.topology(until: "nobody waits any more") { !$0.codes().contains("synchronized_slot_blocks p") }
                }
            }
        }

        @Test("a failover slot that no standby is told to copy is told of at once", arguments: PostgresInstallation.among(17, 18))
        func unsynchronized(_ major: Int) async throws {
            try await withServers {
                let (primary, standby) = try await pair(major, synchronizes: false)
                let exporter = try await exporter([("p", primary), ("s", standby)])
                try await withExporter(exporter) { exporter in
                    let found = try await exporter.topology(until: "it is told of") { $0.codes().contains("failover_slot_unsynchronized p") }
                    let finding = try found.finding("failover_slot_unsynchronized")
                    #expect(finding.slot == "orders" && finding.standby == "s")
                    #expect(finding.evidence.contains { $0.name == "sync_replication_slots at s" && $0.value == "off" })
                    try standby.configure(["sync_replication_slots": "on"])
                    standby.reload()
                    try await waitUntilSynchronized(primary, standby)
                    _ = try await exporter.topology(until: "there is a copy") { !$0.codes().contains("failover_slot_unsynchronized p") }
                }
            }
        }

        @Test(
            "a former primary's own failover slot is in the way of copies, until the printed cure was run",
            arguments: PostgresInstallation.among(17, 18)
        )
        func inTheWay(_ major: Int) async throws {
            try await withServers {
                let (former, standby) = try await pair(major)
                try await waitUntilSynchronized(former, standby)
                try await former.stop()
                try await standby.promote()
                try await standby.createPhysicalSlot("former")
                try former.configure([
                    "primary_conninfo": standby.conninfo(password: Self.password, over: .tcp) + " application_name=former",
                    "primary_slot_name": "former", "sync_replication_slots": "on",
                ])
                try Data().write(to: URL(fileURLWithPath: former.dataDirectory + "/standby.signal"))
                try await former.start()
                let exporter = try await exporter([("a", former), ("b", standby)])
                try await withExporter(exporter) { exporter in
                    let found = try await exporter.topology(until: "it is told of") { topology in
                        try topology.codes().contains("failover_slot_in_the_way a") && topology.finding("failover_slot_in_the_way").sql.count == 2
                    }
                    let finding = try found.finding("failover_slot_in_the_way")
                    #expect(finding.slot == "orders" && finding.target == "a" && finding.upstream == "b")
                    for statement in finding.sql { try await former.execute(statement) }
                    _ = try await exporter.topology(until: "it is gone") { !$0.codes().contains("failover_slot_in_the_way a") }
                    try await waitUntilSynchronized(standby, former)
                    let page = try await exporter.page()
                    #expect(try page.value("pgwal_slot_failover_ready", ["target": "a", "slot_name": "orders"]) == 1)
                }
            }
        }
    }
}
