import PostgresTestSupport
import Testing

@testable import Postgres

extension ServerTests {
    @Suite("Through pgbouncer", .timeLimit(.minutes(2)), .enabled(if: PgBouncer.isInstalled))
    struct PoolerTests {
        @Test("Sessions are serial, work, and change no setting", arguments: ["session", "transaction", "statement"], [false, true])
        func worksThrough(poolMode: String, ignoresOptions: Bool) async throws {
            let server = try await SharedServer.get()
            let pooler = try await PgBouncer(to: server, poolMode: poolMode, ignoring: ignoresOptions ? ["options"] : [])
            let session = Session(ConnectionParameters(conninfo: pooler.conninfo))
            let other = Session(ConnectionParameters(conninfo: pooler.conninfo))
            for _ in 0..<2 {
                try await session.connect()
                try await other.connect()
                #expect(await session.mode == .serial)
                // In transaction pooling both use the one server connection in turns, between the statements of a run.
                for _ in 0..<3 {
                    async let first = session.run("SELECT 1 AS value", "SELECT 1/0", "SELECT 2 AS value")
                    async let second = other.run("SELECT 3 AS value", "SELECT nonsense", "SELECT 4 AS value")
                    let outcomes = await first + second
                    #expect(try [outcomes[0].value, outcomes[2].value, outcomes[3].value, outcomes[5].value] == ["1", "2", "3", "4"])
                    #expect(outcomes[1].error?.sqlState == SQLState("22012"))
                    #expect(outcomes[4].error?.sqlState == .undefinedColumn)
                }
                #expect(try await session.value("SELECT current_setting('statement_timeout') AS value") == "5s")
                // Session pooling has no connection left for others.
                if poolMode != "session" {
                    #expect(
                        try await pooler.psql("SELECT current_setting('statement_timeout'), current_setting('search_path')") == #"0|"$user", public"#
                    )
                }
                #expect(try await session.value("SELECT current_setting('client_connection_check_interval') AS value") == "0")
                #expect(try await session.value("SELECT count(*) AS value FROM pg_prepared_statements") == "0")
                await session.close()
                await other.close()
            }
            await pooler.stop()
        }

        @Test("A query is cancelled at its deadline through the pooler, and the earlier answers are kept")
        func cancelsThrough() async throws {
            let server = try await SharedServer.get()
            let pooler = try await PgBouncer(to: server, poolMode: "transaction", ignoring: [])
            let session = Session(ConnectionParameters(conninfo: pooler.conninfo))
            try await session.connect()
            let outcomes = await session.run("SELECT 1 AS value", "SELECT pg_sleep(76)", "SELECT 2", within: .milliseconds(300))
            #expect(try outcomes[0].value == "1")
            #expect(outcomes[1...].map(\.error?.code) == [.timedOut, .timedOut])
            try await waitUntil("the query has gone", timeout: .seconds(20)) {
                try await server.psql("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(76)' AND state = 'active'") == "0"
            }
            await pooler.stop()
        }
    }
}
