import PostgresTestSupport
import Testing

extension IntegrationTests {
    /// What is said of two sites while the link between them is dead, and of servers that a failover left behind.
    @Suite(.serialized)
    struct SiteSituationTests {
        private static let password = "site-secret"

        private func primary(_ major: Int, settings: [String: String] = [:]) async throws -> PostgresServer {
            let primary = try await PostgresServer.primary(version: major, settings: settings)
            try await primary.execute("ALTER ROLE postgres PASSWORD '\(Self.password)'")
            return primary
        }

        private func targets(_ servers: [(String, PostgresServer)], _ more: String = "") throws -> [String] {
            let entries = servers.map { name, server in "  - {name: \(name), dsn: \"\(server.conninfo(password: Self.password, over: .tcp))\"}\n" }
            return ["--config.file", try Exporter.file("targets:\n\(entries.joined())\(more)collection: {directory_interval: 1s}\n")]
        }

        @Test(
            "A link that goes silent is named after ten seconds, long before the timeouts, and not when it is idle, slow, or the standby lies about the time",
            arguments: PostgresInstallation.among(15, 18)
        )
        func silentLink(_ major: Int) async throws {
            try await withServers {
                let primary = try await primary(major)
                let relay = try TCPRelay(to: primary.port)
                let standby = try await PostgresServer.standby(of: primary, name: "far", slot: "far", throughPort: relay.port)
                let near = try await PostgresServer.standby(of: primary, name: "near", slot: "near")
                let exporter = try await Exporter(targets([("p", primary), ("far", standby), ("near", near)]))
                try await withExporter(exporter) { exporter in
                    try await exporter.topology(untilFound: [])
                    // Replay that stands still is no silence: what is written is flushed, and replied to.
                    try await near.execute("SELECT pg_wal_replay_pause()")
                    relay.set(.silent)
                    let cut = ContinuousClock.now
                    try await primary.execute("CREATE TABLE t AS SELECT i FROM generate_series(1, 1000) i")
                    let found = try await exporter.topology(untilFound: ["link_silent p", "replay_paused near"], timeout: .seconds(45))
                    // The last reply is a moment older than the cut.
                    #expect(ContinuousClock.now - cut > .seconds(8))
                    let finding = try found.finding("link_silent")
                    #expect([finding.standby, finding.upstream, finding.slot, finding.severity] == ["far", "p", "far", "warning"])
                    #expect(found.servers.first { $0.target == "far" }?.streaming == true, "as it says itself")
                    let page = try await exporter.page()
                    #expect(try page.value("pgwal_walsender_unanswered_seconds", ["application_name": "far"]) ?? 0 > 10)
                    #expect(try page.value("pgwal_walsender_unanswered_seconds", ["application_name": "near"]) == 0)
                    // The timeouts are over: the same link, and what follows from it under it.
                    for server in [primary, standby] {
                        try server.configure(["wal_sender_timeout": "5s", "wal_receiver_timeout": "5s"])
                        server.reload()
                    }
                    try await near.execute("SELECT pg_wal_replay_resume()")
                    let over = try await exporter.topology(until: "both ends gave up") { found in
                        found.codes().isSuperset(of: ["link_silent p", "standby_not_streaming far", "slot_inactive p"])
                    }
                    let ended = try over.finding("link_silent")
                    #expect([ended.standby, ended.slot, ended.severity] == ["far", "far", "critical"])
                    for code in ["standby_not_streaming", "slot_inactive"] {
                        #expect(try over.finding(code).follows?.code == "link_silent", "\(code)")
                    }
                    relay.set(.open)
                    try await exporter.topology(untilFound: [])
                }
            }
        }

        @Test(
            "A standby that has WAL beyond its primary's fork, and never was a primary: pg_rewind is what it needs, and no look at a slot",
            arguments: PostgresInstallation.among(15, 18)
        )
        func beyondFork(_ major: Int) async throws {
            try await withServers {
                let settings = ["wal_log_hints": "on", "wal_keep_size": "1GB"]
                let old = try await primary(major, settings: settings)
                let relay = try TCPRelay(to: old.port)
                let next = try await PostgresServer.standby(of: old, name: "next", throughPort: relay.port, settings: settings)
                let lost = try await PostgresServer.standby(of: old, name: "lost", slot: "lost", settings: settings)
                try await lost.waitUntilReplayed(old)
                try await next.waitUntilReplayed(old)
                // The one that is promoted does not have what the other one has.
                relay.set(.cut)
                try await old.execute("CREATE TABLE t AS SELECT i FROM generate_series(1, 1000) i")
                try await lost.waitUntilReplayed(old)
                try await old.stop()
                try await next.promote()
                try await next.createPhysicalSlot("lost")
                let exporter = try await Exporter(targets([("next", next), ("lost", lost)]))
                try await withExporter(exporter) { exporter in
                    let waiting: Set = ["failback lost", "slot_inactive next", "standby_not_streaming lost"]
                    let found = try await exporter.topology(untilFound: waiting)
                    let finding = try found.finding("failback")
                    #expect([finding.target, finding.standby, finding.upstream] == ["lost", "lost", "next"])
                    #expect(finding.summary.contains("has data that primary next never had, and needs pg_rewind"), "\(finding.summary)")
                    #expect(try !found.finding("standby_not_streaming").cures.contains { $0.text.contains("pg_replication_slots") })
                }
            }
        }

        @Test(
            "An address that should lead to the primary and leads to a standby: critical, with the server's name; right again when the server is promoted",
            arguments: PostgresInstallation.among(15, 18)
        )
        func addressOnStandby(_ major: Int) async throws {
            try await withServers {
                let primary = try await primary(major)
                let standby = try await PostgresServer.standby(of: primary)
                let address = try TCPRelay(to: standby.port)
                let vip =
                    "  - {name: vip, dsn: \"\(standby.conninfo(password: Self.password, over: .tcp)) port=\(address.port)\", expect: {role: primary}}\n"
                let exporter = try await Exporter(targets([("a", primary), ("b", standby)], vip))
                try await withExporter(exporter) { exporter in
                    let wrong = try await exporter.topology(untilFound: ["role_mismatch vip"]).finding("role_mismatch")
                    #expect(wrong.severity == "critical")
                    #expect(wrong.summary == "vip leads to b, a standby, and should lead to a primary: nobody can write through it.")
                    try await primary.stop()
                    try await standby.promote()
                    _ = try await exporter.topology(until: "it leads to a primary") { !$0.findings.contains { $0.code == "role_mismatch" } }
                }
            }
        }

        @Test(
            "Whether pg_rewind could bring it back is no question of the moment in the checkpoint cycle",
            arguments: PostgresInstallation.among(15, 18)
        )
        func rewindOverCheckpoints(_ major: Int) async throws {
            try await withServers {
                let primary = try await primary(major, settings: ["wal_log_hints": "on", "wal_keep_size": "16MB"])
                try await primary.createPhysicalSlot("kept")
                let exporter = try await Exporter(targets([("p", primary)]))
                try await withExporter(exporter) { exporter in
                    let ready = { try await exporter.page().value("pgwal_rewind_ready") }
                    try await primary.execute("CHECKPOINT")
                    try await waitUntil("little was written") { try await ready() == 1 }
                    for _ in 0..<2 {
                        try await primary.execute("CREATE TABLE IF NOT EXISTS t (i int); INSERT INTO t SELECT generate_series(1, 500000)")
                        try await waitUntil("much was written") { try await ready() == 0 }
                        try await primary.execute("CHECKPOINT")
                        for _ in 0..<3 { #expect(try await ready() == 0, "as it will be again before the next one") }
                    }
                    // Nothing is written in a whole cycle.
                    try await primary.execute("CHECKPOINT; CHECKPOINT")
                    try await waitUntil("a quiet cycle") {
                        try await primary.execute("CHECKPOINT")
                        return try await ready() == 1
                    }
                }
            }
        }
    }
}
