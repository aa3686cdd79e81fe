import PostgresTestSupport
import Testing

@testable import Postgres

extension ServerTests {
    /// Roles, databases and servers whose settings would change what we are told, or when.
    @Suite("Settings that are not ours", .timeLimit(.minutes(3)))
    struct SettingTests {
        /// What a role is given, and what the session must have in spite of it.
        private static let settings: [(name: String, theirs: String, ours: String, since: Int)] = [
            ("role", "other", "none", 13), ("search_path", "public", "pg_catalog, pg_temp", 13),
            ("default_transaction_isolation", "serializable", "read committed", 13), ("default_transaction_read_only", "off", "on", 13),
            ("default_transaction_deferrable", "on", "off", 13), ("statement_timeout", "1h", "5s", 13), ("lock_timeout", "1h", "1s", 13),
            ("idle_in_transaction_session_timeout", "1ms", "5s", 13), ("extra_float_digits", "-15", "1", 13),
            ("DateStyle", "German, DMY", "ISO, MDY", 13), ("IntervalStyle", "iso_8601", "postgres", 13), ("TimeZone", "Asia/Tokyo", "UTC", 13),
            ("bytea_output", "escape", "hex", 13), ("client_min_messages", "debug5", "error", 13), ("exit_on_error", "on", "off", 13),
            ("jit", "on", "off", 13), ("max_parallel_workers_per_gather", "8", "0", 13), ("quote_all_identifiers", "on", "off", 13),
            ("row_security", "off", "on", 13), ("client_encoding", "LATIN1", "SQL_ASCII", 13), ("standard_conforming_strings", "off", "on", 13),
            ("stats_fetch_consistency", "snapshot", "cache", 15), ("transaction_timeout", "1h", "0", 17),
        ]

        private static func server(_ major: Int) async throws -> PostgresServer {
            let server = try await PostgresServer.primary(version: major, name: "settings-\(major)")
            let bending = settings.filter { $0.since <= major }.map {
                "ALTER ROLE bent SET \($0.name) = \($0.name == "search_path" ? $0.theirs : "'\($0.theirs)'");"
            }
            try await server.execute("CREATE ROLE other; CREATE ROLE bent LOGIN; GRANT other TO bent; \(bending.joined())")
            return server
        }

        @Test("Directly, a session has ours, whatever the role says", arguments: PostgresInstallation.among(13, 18))
        func direct(major: Int) async throws {
            try await withServers {
                let server = try await Self.server(major)
                if major >= 14 { try await server.execute("ALTER ROLE bent SET idle_session_timeout = '200ms'") }
                let session = Session(ConnectionParameters(conninfo: server.conninfo(user: "bent")))
                try await session.connect()
                #expect(await session.mode == .pipelined)
                for setting in Self.settings where setting.since <= major {
                    #expect(try await session.value("SELECT current_setting('\(setting.name)') AS value") == setting.ours, "\(setting.name)")
                }
                #expect(
                    try await session.value("SELECT extract(epoch FROM timestamptz '2026-11-25 12:00:00.123456+00')::text AS value")
                        == "1795608000.123456"
                )
                // Twice the time after which the role's idle sessions end.
                try await Task.sleep(for: .milliseconds(400))
                #expect(try await session.value("SELECT 1 AS value") == "1")
                #expect(await session.connectsTotal == 1)
                await session.close()
            }
        }

        @Test("Another time limit holds on the open connection, too, after the next run")
        func otherLimit() async throws {
            let server = try await SharedServer.get()
            let session = Session(ConnectionParameters(conninfo: server.conninfo()))
            try await session.connect()
            let current =
                "SELECT concat_ws(' ', current_setting('statement_timeout'), current_setting('idle_in_transaction_session_timeout')) AS value"
            #expect(try await session.value(current) == "5s 5s")
            await session.setStatementTimeout(.milliseconds(2_500))
            #expect(await session.run(current, "SELECT 1 AS value", "SELECT 2 AS value").count == 3, "one for each, whatever else was asked")
            let trips = await session.roundTripsTotal
            #expect(try await session.value(current) == "2500ms 2500ms")
            #expect(await session.roundTripsTotal == trips + 1)
            #expect(await session.connectsTotal == 1)
            await session.close()
            try await session.connect()
            #expect(await session.mode == .pipelined)
            #expect(try await session.value(current) == "2500ms 2500ms")
            await session.close()
        }

        @Test("Another time limit holds through a pooler, too", .enabled(if: PgBouncer.isInstalled))
        func otherLimitThroughPooler() async throws {
            let server = try await SharedServer.get()
            let pooler = try await PgBouncer(to: server, poolMode: "transaction", ignoring: [])
            let session = Session(ConnectionParameters(conninfo: pooler.conninfo))
            try await session.connect()
            #expect(try await session.value("SELECT current_setting('statement_timeout') AS value") == "5s")
            await session.setStatementTimeout(.seconds(2))
            #expect(try await session.value("SELECT current_setting('statement_timeout') AS value") == "2s")
            await session.close()
            await pooler.stop()
        }

        @Test(
            "Through a pooler, each statement has ours, and others have their own afterwards",
            .enabled(if: PgBouncer.isInstalled),
            arguments: PostgresInstallation.among(13, 18),
            ["session", "transaction", "statement"]
        )
        func throughPoolers(major: Int, poolMode: String) async throws {
            try await withServers {
                let server = try await Self.server(major)
                for ignored in [[], ["options"]] {
                    let pooler = try await PgBouncer(to: server, user: "bent", poolMode: poolMode, ignoring: ignored)
                    let session = Session(ConnectionParameters(conninfo: pooler.conninfo))
                    try await session.connect()
                    #expect(await session.mode == .serial)
                    for setting in Self.settings where setting.since <= major {
                        #expect(try await session.value("SELECT current_setting('\(setting.name)') AS value") == setting.ours, "\(setting.name)")
                    }
                    #expect(try await session.value("SELECT current_setting('transaction_isolation') AS value") == "read committed")
                    #expect(try await pooler.psql("SELECT current_setting('extra_float_digits'), current_setting('search_path')") == "-15|public")
                    await session.close()
                    await pooler.stop()
                }
            }
        }

        @Test(
            "A hot standby whose role wants serializable transactions answers",
            .enabled(if: PgBouncer.isInstalled),
            arguments: PostgresInstallation.among(13, 18)
        )
        func serializableStandby(major: Int) async throws {
            try await withServers {
                let primary = try await PostgresServer.primary(version: major)
                try await primary.execute("CREATE ROLE monitor LOGIN; ALTER ROLE monitor SET default_transaction_isolation = serializable")
                let standby = try await PostgresServer.standby(of: primary)
                try await standby.waitUntilReplayed(primary)
                let pooler = try await PgBouncer(to: standby, ignoring: ["options"])
                for conninfo in [standby.conninfo(user: "monitor"), pooler.conninfo] {
                    let session = Session(ConnectionParameters(conninfo: conninfo))
                    try await session.connect()
                    #expect(try await session.value("SELECT pg_is_in_recovery()::text AS value") == "true")
                    await session.close()
                }
                await pooler.stop()
            }
        }

        @Test(
            "Start-up parameters are left out where they are refused, in whatever words",
            arguments: [
                "08P01:unsupported startup parameter: options", "0A000:this feature is not available", ":not today", "58000:invalid startup packet",
                "28000:startup parameter is forbidden", "XX000:Ungültig",
            ],
            ["options", "options,client_encoding", "options,client_encoding,application_name"]
        )
        func refusedParameters(words: String, refused: String) async throws {
            let pooler = try await HostileServer(options: ["--refuse", refused, "--words", words])
            let session = Session(ConnectionParameters(conninfo: pooler.conninfo))
            try await session.connect()
            #expect(await session.mode == .serial)
            #expect(try await session.value("SELECT 1 AS value") == "1")
            await session.close()
            await pooler.stop()
        }

        @Test("Where no setting holds, nothing is asked, and the reason is told", arguments: [[], ["--refuse", "options"]])
        func keptSettings(options: [String]) async throws {
            let pooler = try await HostileServer(options: options + ["--keep"])
            let session = Session(ConnectionParameters(conninfo: pooler.conninfo))
            let error = await #expect(throws: PostgresError.self) { try await session.connect() }
            #expect(error?.code == .connectionFailed)
            #expect(error?.message.contains("keeps our settings from the server") == true)
            #expect(await !session.isConnected)
            await pooler.stop()
        }
    }
}
