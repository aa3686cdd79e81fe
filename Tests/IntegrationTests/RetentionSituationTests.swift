import PostgresTestSupport
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

extension IntegrationTests {
    /// What keeps pg_wal, alone and in pairs: what was predicted to be freed is freed at the next checkpoint, to the segment.
    @Suite(.serialized)
    struct RetentionSituationTests {
        /// Something that keeps WAL from the moment it is there.
        enum Hold: String, Sendable {
            case slot, logical, keepSize, archiver, summarizer, standbySlot
            /// Nothing but that no checkpoint comes.
            case checkpoint

            /// As `pgwal_wal_keeper` has it.
            var reason: String {
                switch self {
                case .slot, .logical, .standbySlot: "slots"
                case .keepSize: "wal_keep_size"
                case .archiver: "archiver"
                case .summarizer: "summarizer"
                case .checkpoint: "checkpoint"
                }
            }
        }

        /// Holds in the order in which they come; segments are written after each. They go in the order in which they keep most.
        private static let onPrimary: [[Hold]] = [
            [.checkpoint], [.slot], [.logical], [.keepSize], [.archiver], [.summarizer],
            [.slot, .logical], [.slot, .archiver], [.archiver, .slot], [.logical, .archiver], [.slot, .keepSize], [.archiver, .keepSize],
            [.summarizer, .slot], [.slot, .summarizer], [.summarizer, .archiver],
        ]
        private static let onStandby: [[Hold]] = [[.checkpoint], [.slot], [.standbySlot], [.keepSize], [.slot, .standbySlot], [.slot, .keepSize]]

        private static let settings = [
            "min_wal_size": "32MB", "max_wal_size": "4GB", "checkpoint_timeout": "1h", "autovacuum": "off", "wal_level": "logical",
            "wal_init_zero": "off",
        ]

        @Test("on a primary", arguments: PostgresInstallation.among(15, 18, 19))
        func primary(_ major: Int) async throws {
            try await withServers {
                let switchPath = TemporaryRoot.uniquePath("archive-fails")
                let command = ["archive_mode": "on", "archive_command": "test ! -e \(switchPath)"]
                let server = try await PostgresServer.primary(version: major, settings: Self.settings.merging(command) { $1 })
                try await server.execute("CREATE TABLE filler (i int)")
                for holds in Self.onPrimary where major >= 17 || !holds.contains(.summarizer) {
                    try await situation(holds, at: server, writer: server, switchPath: switchPath)
                }
            }
        }

        @Test("on a standby", arguments: PostgresInstallation.among(15, 18, 19))
        func standby(_ major: Int) async throws {
            try await withServers {
                let primary = try await PostgresServer.primary(version: major, settings: Self.settings)
                try await primary.execute("CREATE TABLE filler (i int)")
                let standby = try await PostgresServer.standby(of: primary, slot: "up", settings: Self.settings)
                for holds in Self.onStandby { try await situation(holds, at: standby, writer: primary, switchPath: nil) }
            }
        }

        private func situation(_ holds: [Hold], at server: PostgresServer, writer: PostgresServer, switchPath: String?) async throws {
            let name = holds.map(\.rawValue).joined(separator: " and ")
            try await checkpoint(server, writer)
            for hold in holds {
                try await begin(hold, server, writer, switchPath)
                try await write(3, server, writer, archives: switchPath != nil && !holds.contains(.archiver))
            }
            // wal_keep_size counts from the end, and the first of all others keeps most.
            let order = holds.filter { $0 != .keepSize } + holds.filter { $0 == .keepSize }
            if holds != [.checkpoint] {
                // The keeper stays: a checkpoint frees what was called removable, and nothing else. Only wal_keep_size asks for less than the checkpoint does.
                let before = try await look(server)
                try await checkpoint(server, writer)
                let freed = try await before.segments - segments(server, before.end)
                #expect(freed == before.removable + (holds == [.keepSize] ? before.releasable : 0), "\(name), before any goes: \(before.page.text)")
            }
            for hold in order {
                let before = try await look(server)
                #expect(try before.page.value("pgwal_wal_keeper", ["reason": hold.reason]) == 1, "\(name)")
                #expect(before.releasable > 0, "\(name): \(hold) keeps something")
                try await end(hold, server, switchPath)
                try await checkpoint(server, writer)
                let freed = try await before.segments - segments(server, before.end)
                #expect(freed == before.removable + before.releasable, "\(name): \(hold) has gone")
            }
        }

        /// What the exporter says, and what there is.
        private struct Look {
            let page: Page
            let removable, releasable: Int
            /// Segments up to the end, and the number of the last one.
            let segments, end: Int
        }

        private func look(_ server: PostgresServer) async throws -> Look {
            let outcome = try await ChildProcess.run(Exporter.path, ["collect", "--dsn", server.conninfo()])
            let page = try Page(outcome.output)
            func bytes(_ name: String) throws -> Double { try #require(try page.value(name), "\(name): \(outcome.errors)") }
            let size = try bytes("pgwal_setting_wal_segment_size_bytes")
            let end = try await Int(server.psql(Self.endSQL)) ?? 0
            let there = try await segments(server, end)
            let ahead = try bytes("pgwal_wal_ahead_bytes")
            let sum = Double(there) * size + ahead + (try bytes("pgwal_wal_unexplained_bytes"))
            #expect(sum == (try bytes("pgwal_wal_directory_bytes")), "the parts add up")
            return Look(
                page: page,
                removable: Int(try bytes("pgwal_wal_removable_bytes") / size),
                releasable: Int(try bytes("pgwal_wal_releasable_bytes") / size),
                segments: there,
                end: end
            )
        }

        private static let endSQL = """
            SELECT floor((CASE WHEN pg_is_in_recovery() THEN greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()) ELSE pg_current_wal_lsn() END - '0/0') \
            / 16777216)::bigint
            """

        private func segments(_ server: PostgresServer, _ end: Int) async throws -> Int {
            let count = try await server.psql(
                """
                SELECT count(*) FROM pg_ls_waldir() WHERE name ~ '^[0-9A-F]{24}$' AND \
                ('x' || substr(name, 9, 8))::bit(32)::bigint * 256 + ('x' || substr(name, 17, 8))::bit(32)::bigint <= \(end)
                """
            )
            return try #require(Int(count))
        }

        private func write(_ segments: Int, _ server: PostgresServer, _ writer: PostgresServer, archives: Bool) async throws {
            for _ in 0..<segments { try await writer.execute("INSERT INTO filler VALUES (1); SELECT pg_switch_wal();") }
            try await writer.execute("INSERT INTO filler VALUES (1)")
            if server !== writer { try await server.waitUntilReplayed(writer) }
            if archives { try await untilArchived(server) }
        }

        private func untilArchived(_ server: PostgresServer) async throws {
            try await waitUntil("all is archived") {
                server.reload()
                return try await server.psql("SELECT count(*) FROM pg_ls_archive_statusdir() WHERE name LIKE '%.ready'") == "0"
            }
        }

        private func checkpoint(_ server: PostgresServer, _ writer: PostgresServer) async throws {
            if server !== writer {
                try await writer.execute("CHECKPOINT")
                try await server.waitUntilReplayed(writer)
            }
            try await server.execute("CHECKPOINT")
        }

        private func begin(_ hold: Hold, _ server: PostgresServer, _ writer: PostgresServer, _ switchPath: String?) async throws {
            switch hold {
            case .checkpoint: break
            case .slot, .standbySlot:
                // It begins where the last checkpoint did, and would ask for the same as the one before it.
                try await checkpoint(server, writer)
                try await server.createPhysicalSlot(hold.rawValue.lowercased())
            case .logical: try await server.createLogicalSlot("logical", plugin: "pgoutput")
            case .keepSize: try await set("wal_keep_size", "32MB", server)
            case .archiver:
                let file = open(try #require(switchPath), O_WRONLY | O_CREAT, 0o644)
                close(file)
            case .summarizer:
                try await set("summarize_wal", "on", server)
                // It begins with the oldest segment, and comes as far as the last checkpoint.
                try await checkpoint(server, writer)
                try await waitUntil("the summarizer has caught up") {
                    try await server.psql(
                        "SELECT summarizer_pid IS NOT NULL AND summarized_lsn >= redo_lsn FROM pg_get_wal_summarizer_state(), pg_control_checkpoint()"
                    ) == "t"
                }
                kill(try await summarizer(server), SIGSTOP)
            }
        }

        private func end(_ hold: Hold, _ server: PostgresServer, _ switchPath: String?) async throws {
            switch hold {
            case .checkpoint: break
            case .slot, .standbySlot, .logical: try await server.execute("SELECT pg_drop_replication_slot('\(hold.rawValue.lowercased())')")
            case .keepSize: try await set("wal_keep_size", "0", server)
            case .archiver:
                unlink(try #require(switchPath))
                try await untilArchived(server)
            case .summarizer:
                let pid = try await summarizer(server)
                try await set("summarize_wal", "off", server)
                kill(pid, SIGCONT)
                try await waitUntil("the summarizer has gone") {
                    try await server.psql("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'walsummarizer'") == "0"
                }
            }
        }

        private func summarizer(_ server: PostgresServer) async throws -> Int32 {
            let pid = try await server.psql("SELECT pid FROM pg_stat_activity WHERE backend_type = 'walsummarizer'")
            return try #require(Int32(pid))
        }

        private func set(_ setting: String, _ value: String, _ server: PostgresServer) async throws {
            try server.configure([setting: value])
            server.reload()
            try await waitUntil("\(setting) is \(value)") { try await server.psql("SHOW \(setting)") == value }
        }
    }
}
