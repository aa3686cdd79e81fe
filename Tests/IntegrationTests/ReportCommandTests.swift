import PostgresTestSupport
import Testing

extension IntegrationTests {
    /// `status`, `doctor`, `check` and `plan` on a real primary and its standby.
    @Suite(.serialized)
    struct ReportCommandTests {
        @Test("a pair that is well, then a slot that nobody uses and a server that is gone", arguments: PostgresInstallation.among(13, 18))
        func pair(_ major: Int) async throws {
            try await withServers {
                let primary = try await PostgresServer.primary(version: major, settings: ["max_slot_wal_keep_size": "1GB", "wal_log_hints": "on"])
                let standby = try await PostgresServer.standby(of: primary, slot: "needed")
                try await standby.waitUntilReplayed(primary)
                let file = try Exporter.file(
                    "targets:\n  - {name: pg1, dsn: \"\(primary.conninfo())\"}\n  - {name: pg2, dsn: \"\(standby.conninfo())\"}\n"
                )
                func run(_ arguments: String...) async throws -> ChildProcess.Outcome {
                    try await ChildProcess.run(Exporter.path, arguments + ["--config.file", file])
                }

                try await waitUntil("status has the standby below its primary") {
                    let status = try await run("status")
                    return status.status == .code(0) && status.output.contains("└─ pg2  standby  streaming  slot needed  0 bytes behind")
                }
                let lag = try await run("check", "lag")
                #expect(lag.status == .code(0))
                #expect(lag.output.hasPrefix("PGWAL LAG OK - pg2 is 0.0 s behind | 'pg2'=0"))
                #expect(try await run("check", "all").status == .code(0))
                #expect(try await run("check", "role", "--role", "primary").output.contains("CRITICAL - pg2 is a standby, and should be a primary"))
                #expect(try await run("check", "slots").output.hasPrefix("PGWAL SLOTS OK - 1 slots, all are well | 'pg1 needed'="))
                #expect(try await run("doctor").status == .code(0))
                let json = try await run("status", "--output", "json")
                #expect(try TopologyAnswer(json.output).servers.map(\.target) == ["pg1", "pg2"])

                // 1 GiB at 1 MiB a second.
                let plan = try await run("plan", "--outage", "24h", "--rate", "1MB", "--disk", "100GB").output
                #expect(plan.contains("to be kept        84.3 GiB  = 1 MiB/s × 1 d"))
                #expect(plan.contains("max_slot_wal_keep_size = 1 GiB: a slot that holds nothing yet is lost after 17 min"))
                #expect(plan.contains("it takes max_slot_wal_keep_size = '102GB'"))
                #expect(plan.contains("slot needed       in use"))
                #expect(plan.contains("lost by max_slot_wal_keep_size in 17 min, before the outage is over"))

                try await standby.stop()
                let all = try await run("check", "all")
                #expect(all.status == .code(2))
                #expect(all.output.hasPrefix("PGWAL ALL CRITICAL - pg2 is down: "))
                #expect(all.errors == "", "what is down is told once")
                #expect(try await run("status").output.contains("pg2  DOWN  "))
                #expect(try await run("doctor").status == .code(1))
                let sql = try await run("doctor", "--fix-sql").output.split(separator: "\n")
                #expect(sql.filter { !$0.hasPrefix("--") && $0.contains("drop") } == [], "what destroys stands in a comment")
            }
        }

        @Test(
            "a standby that stands still since before the look is at least so late; one that moves on is known after another look",
            arguments: PostgresInstallation.among(14, 18)
        )
        func stands(_ major: Int) async throws {
            try await withServers {
                let primary = try await PostgresServer.primary(version: major, settings: ["max_slot_wal_keep_size": "1GB"])
                let standby = try await PostgresServer.standby(of: primary, slot: "needed")
                try await primary.execute("CREATE TABLE filler AS SELECT 1 AS i; CHECKPOINT")
                try await standby.waitUntilReplayed(primary)
                let file = try Exporter.file(Exporter.configuration([("pg1", primary.conninfo()), ("pg2", standby.conninfo())]))
                func check(_ arguments: String...) async throws -> ChildProcess.Outcome {
                    try await ChildProcess.run(Exporter.path, ["check", "lag", "--config.file", file] + arguments)
                }
                try await standby.execute("SELECT pg_wal_replay_pause()")
                try await Task.sleep(for: .seconds(3))
                try await primary.execute("INSERT INTO filler SELECT generate_series(1, 50000)")
                let late = try await check()
                #expect(late.status == .code(3) && late.output.hasPrefix("PGWAL LAG UNKNOWN - pg2 is at least "), "\(late.output)")
                #expect(!late.output.contains(" | "), "it is no measure")
                let critical = try await check("-w", "0.01", "-c", "0.1")
                #expect(critical.status == .code(2) && critical.output.contains("pg2 is at least "), "\(critical.output)")
                try await standby.execute("SELECT pg_wal_replay_resume()")
                try await standby.waitUntilReplayed(primary)
                try await waitUntil("it is not late") { try await check().status == .code(0) }
            }
        }

        @Test("what cannot be checked is UNKNOWN, and nothing else")
        func unknown() async throws {
            for arguments in [["check"], ["check", "moods"], ["check", "lag", "-w", "x"], ["check", "all", "--config.file", "/nonexistent"]] {
                let outcome = try await ChildProcess.run(Exporter.path, arguments)
                #expect(outcome.status == .code(3))
                #expect(outcome.output.hasPrefix("PGWAL UNKNOWN - "))
            }
        }
    }
}
