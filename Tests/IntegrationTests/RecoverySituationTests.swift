import Foundation
import PostgresTestSupport
import Testing

extension IntegrationTests {
    /// Servers in recovery that look as if they were broken.
    @Suite(.serialized)
    struct RecoverySituationTests {
        private static let password = "recovery-secret"
        /// Of settings, which are not at issue here, and of a delay that is meant.
        private static let chronic: Set = ["slot_retention_unlimited", "rewind_not_ready", "slot_inactive"]

        private func exporter(_ servers: [(String, PostgresServer)]) async throws -> Exporter {
            // Over TCP, as the standbys know each other.
            try await Exporter(
                targets: servers.map { ($0.0, $0.1.conninfo(password: Self.password, over: .tcp)) },
                collection: "directory_interval: 1s"
            )
        }

        private func primary(_ major: Int, settings: [String: String] = [:]) async throws -> PostgresServer {
            let primary = try await PostgresServer.primary(version: major, settings: settings)
            try await primary.execute("ALTER ROLE postgres PASSWORD '\(Self.password)'")
            return primary
        }

        @Test(
            "a delayed standby that restarts replays its own pg_wal first: what streams from it is not ahead of it",
            arguments: PostgresInstallation.among(13, 15, 18)
        )
        func delayedCascade(_ major: Int) async throws {
            try await withServers {
                let primary = try await primary(major)
                let delayed = try await PostgresServer.standby(of: primary, name: "a", slot: "a", settings: ["recovery_min_apply_delay": "10min"])
                let cascade = try await PostgresServer.standby(of: delayed, name: "c", slot: "c")
                try await primary.execute("CREATE TABLE t AS SELECT i FROM generate_series(1, 20000) i")
                try await waitUntil("both have it") {
                    let ends = [primary, delayed, cascade].enumerated().map { index, server in
                        (server, index == 0 ? "pg_current_wal_lsn()" : "pg_last_wal_receive_lsn()")
                    }
                    var found: Set<String> = []
                    for (server, end) in ends { found.insert(try await server.psql("SELECT \(end)")) }
                    return found.count == 1
                }
                let exporter = try await exporter([("p", primary), ("a", delayed), ("c", cascade)])
                try await withExporter(exporter) { exporter in
                    _ = try await exporter.topology(until: "all is well") { $0.codes(except: Self.chronic) == [] }
                    try await delayed.restart()
                    let page = try await exporter.page(until: "it replays its own") { try $0.value("pgwal_recovery_end_known", ["target": "a"]) == 0 }
                    #expect(try page.value("pgwal_receiver_up", ["target": "a"]) == 0)
                    _ = try await exporter.page(until: "what streams from it is back") { try $0.value("pgwal_walsenders_used", ["target": "a"]) == 1 }
                    for _ in 0..<20 {
                        let page = try await exporter.page()
                        #expect(page.all("pgwal_walsender_diverged", ["target": "a"]).isEmpty)
                        let found = try TopologyAnswer(try await HTTP.get(exporter.url + "/api/v1/topology").body).codes(except: Self.chronic)
                        #expect(found.isDisjoint(with: ["standby_diverged c", "standby_not_streaming a", "wal_gone_at_upstream a"]), "\(found)")
                        try await Task.sleep(for: .milliseconds(50))
                    }
                    try delayed.configure(["recovery_min_apply_delay": "0"])
                    // In an orderly shutdown it waits for its standby to say that it has what was sent, and that has more.
                    try await delayed.restart(.immediate)
                    let ended = try await exporter.page(until: "it streams again") { try $0.value("pgwal_receiver_up", ["target": "a"]) == 1 }
                    #expect(try ended.value("pgwal_recovery_end_known", ["target": "a"]) == 1)
                    let well = try await exporter.topology(until: "all is well again") { $0.codes(except: Self.chronic) == [] }
                    #expect(well.edges.count == 2)
                }
            }
        }

        @Test(
            "a delayed standby that restarts has WAL that its upstream has removed: it is not gone",
            arguments: PostgresInstallation.among(13, 15, 18)
        )
        func delayedWithoutSlot(_ major: Int) async throws {
            try await withServers {
                let primary = try await primary(major, settings: ["wal_keep_size": "1GB", "max_wal_size": "64MB", "min_wal_size": "32MB"])
                let delayed = try await PostgresServer.standby(of: primary, name: "a", settings: ["recovery_min_apply_delay": "30min"])
                for number in 0..<6 {
                    try await primary.execute("SELECT pg_switch_wal()")
                    try await primary.execute("CREATE TABLE t\(number) AS SELECT 1")
                }
                let end = try await primary.psql("SELECT pg_current_wal_flush_lsn()")
                try await waitUntil("it has it") { try await delayed.psql("SELECT pg_last_wal_receive_lsn() >= '\(end)'") == "t" }
                try primary.configure(["wal_keep_size": "0"])
                primary.reload()
                try await waitUntil("nothing keeps WAL any more") { try await primary.psql("SHOW wal_keep_size") == "0" }
                for _ in 0..<2 { try await primary.execute("CHECKPOINT") }
                let exporter = try await exporter([("p", primary), ("a", delayed)])
                try await withExporter(exporter) { exporter in
                    try await delayed.restart()
                    let page = try await exporter.page(until: "it replays its own, and the upstream has less") { page in
                        let kept = try page.value("pgwal_wal_oldest_kept_position_bytes", ["target": "p"]) ?? 0
                        return try page.value("pgwal_recovery_end_known", ["target": "a"]) == 0
                            && page.value("pgwal_wal_replayed_bytes_total", ["target": "a"]) ?? .infinity < kept
                    }
                    #expect(try page.value("pgwal_receiver_up", ["target": "a"]) == 0)
                    for _ in 0..<10 {
                        let found = try TopologyAnswer(try await HTTP.get(exporter.url + "/api/v1/topology").body).codes(except: Self.chronic)
                        #expect(found == [])
                        try await Task.sleep(for: .milliseconds(50))
                    }
                    try delayed.configure(["recovery_min_apply_delay": "0"])
                    try await delayed.restart()
                    _ = try await exporter.page(until: "it streams on") { try $0.value("pgwal_receiver_up", ["target": "a"]) == 1 }
                }
            }
        }

        @Test(
            "an archive command that is not there, or hangs, counts as no failure: its files tell",
            arguments: PostgresInstallation.among(15, 18),
            ["/nonexistent/command %p", "sleep 1000; true %p"]
        )
        func silentArchiver(_ major: Int, _ command: String) async throws {
            try await withServers {
                let primary = try await primary(major, settings: ["archive_mode": "on", "archive_command": command])
                try await primary.execute("CREATE TABLE t AS SELECT 1; SELECT pg_switch_wal()")
                let exporter = try await exporter([("p", primary)])
                try await withExporter(exporter) { exporter in
                    _ = try await exporter.page(until: "a file waits") { try $0.value("pgwal_archive_ready_files") ?? 0 > 0 }
                    #expect(try await exporter.topology(until: "all is well") { _ in true }.codes(except: Self.chronic) == [])
                    // It has been waiting for long.
                    let folder = primary.dataDirectory + "/pg_wal/archive_status"
                    let earlier = Date(timeIntervalSinceNow: -1000)
                    for file in try FileManager.default.contentsOfDirectory(atPath: folder) where file.hasSuffix(".ready") {
                        try FileManager.default.setAttributes([.modificationDate: earlier], ofItemAtPath: "\(folder)/\(file)")
                    }
                    let found = try await exporter.topology(until: "it is found") { $0.codes(except: Self.chronic) == ["archive_backlog_old p"] }
                    #expect(try found.finding("archive_backlog_old").sql.count == 1)
                    #expect(try await exporter.page().value("pgwal_archiver_failing") == 0)
                }
            }
        }

        @Test(
            "a recovery that waits at its target is no standby that is cut off, and to resume it is no cure",
            arguments: PostgresInstallation.among(13, 15, 18)
        )
        func pointInTime(_ major: Int) async throws {
            try await withServers {
                let primary = try await PostgresServer.primary(version: major, archive: true)
                try await primary.execute("ALTER ROLE postgres PASSWORD '\(Self.password)'")
                let restored = try await PostgresServer.archiveStandby(of: primary, name: "restored")
                try await primary.execute("CREATE TABLE t AS SELECT 1 AS i")
                try await primary.execute("SELECT pg_create_restore_point('here')")
                try await primary.execute("SELECT pg_switch_wal()")
                try await restored.stop()
                let files = FileManager.default
                try files.moveItem(atPath: restored.dataDirectory + "/standby.signal", toPath: restored.dataDirectory + "/recovery.signal")
                try restored.configure([
                    "recovery_target_name": "here", "primary_conninfo": "host=127.0.0.1 port=\(primary.port)", "recovery_target_action": "pause",
                ])
                try await restored.start()
                let exporter = try await exporter([("r", restored)])
                try await withExporter(exporter) { exporter in
                    let found = try await exporter.topology(until: "it waits at its target") { $0.codes().contains("replay_paused r") }
                    #expect(found.codes() == ["replay_paused r"])
                    let paused = try found.finding("replay_paused")
                    #expect(paused.sql == [])
                    #expect(paused.cures.contains { $0.text.contains("recovery_target") })
                    #expect(try await exporter.page().value("pgwal_recovery_end_known") == 0)
                    // This is why.
                    try await restored.execute("SELECT pg_wal_replay_resume()")
                    _ = try await exporter.page(until: "it is a primary") { try $0.value("pgwal_in_recovery") == 0 }
                }
            }
        }
    }
}
