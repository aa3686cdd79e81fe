import PostgresTestSupport
import Testing
import TimeSupport

@testable import Postgres

extension ServerTests {
    @Suite("A session", .timeLimit(.minutes(2)))
    struct SessionTests {
        private func session(_ parameters: (inout ConnectionParameters) -> Void = { _ in }) async throws -> (Session, PostgresServer) {
            let server = try await SharedServer.get()
            var given = ConnectionParameters(conninfo: server.conninfo(), applicationName: "test-\(UInt32.random(in: 0...(.max)))")
            parameters(&given)
            return (Session(given), server)
        }

        @Test("A failed query costs only itself")
        func isolatesFailures() async throws {
            let (session, server) = try await session()
            try await server.execute("CREATE TABLE IF NOT EXISTS public.secret (); REVOKE ALL ON public.secret FROM PUBLIC")
            let limited = Session(ConnectionParameters(conninfo: server.conninfo(user: "monitor")))
            try await limited.connect()
            let outcomes = await limited.run(
                "SELECT 1 AS value",
                "SELECT * FROM public.secret",
                "SELECT 2 AS value",
                "SELECT 1/0",
                "SELECT nonsense",
                "SELECT 1; SELECT 2",
                "SELECT 3 AS value"
            )
            #expect(
                outcomes.map { $0.error?.sqlState } == [nil, .insufficientPrivilege, nil, SQLState("22012"), .undefinedColumn, .syntaxError, nil]
            )
            #expect(try outcomes[0].value == "1")
            #expect(try outcomes[2].value == "2")
            #expect(try outcomes[6].value == "3")
            #expect(outcomes[1].error == PostgresError(.server, sqlState: .insufficientPrivilege, "permission denied for table secret"))
            #expect(await limited.isConnected)
            await limited.close()
            await session.close()
        }

        @Test("Statements are prepared once, in the one round trip of the run that brings them")
        func preparesOnce() async throws {
            let (session, _) = try await session()
            try await session.connect()
            #expect(await session.mode == .pipelined)
            let greeted = await session.roundTripsTotal
            for run in 1...3 {
                let outcomes = await session.run("SELECT count(*)::text AS value FROM pg_prepared_statements", "SELECT 2 AS value", "SELECT 1/0")
                // The first run counts its own statement alone: it is executed before the next is prepared.
                #expect(try outcomes[0].value == (run == 1 ? "1" : "3"))
                #expect(await session.roundTripsTotal == greeted + run)
            }
            await session.close()
        }

        @Test("A session is one connection, which names itself and stays")
        func isOneConnection() async throws {
            let (session, server) = try await session { $0.applicationName = "one connection" }
            for _ in 0..<3 {
                try await session.connect()
                _ = await session.run("SELECT 1", "SELECT 2")
            }
            #expect(try await server.psql("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'one connection'") == "1")
            #expect(await session.connectsTotal == 1)
            #expect(try await session.value("SELECT pg_backend_pid()::text AS value") == "\(session.backendPID ?? 0)")
            #expect(await session.serverVersion.major == server.version)
            await session.close()
            #expect(await session.backendPID == nil)
            try await waitUntil("the backend has ended") {
                try await server.psql("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'one connection'") == "0"
            }
        }

        @Test(
            "The session's limits are in force, beside the user's own options",
            arguments: [
                ("statement_timeout", "1234ms"), ("lock_timeout", "1s"), ("search_path", "pg_catalog, pg_temp"), ("jit", "off"), ("work_mem", "7MB"),
                ("client_connection_check_interval", "1s"), ("client_encoding", "SQL_ASCII"),
            ]
        )
        func appliesSettings(name: String, value: String) async throws {
            let (session, _) = try await session {
                $0.conninfo += " options='-c work_mem=7MB'"
                $0.statementTimeout = .milliseconds(1234)
            }
            try await session.connect()
            #expect(try await session.value("SELECT current_setting('\(name)') AS value") == value)
            await session.close()
        }

        @Test("statement_timeout stops one statement and no other")
        func stopsOneStatement() async throws {
            let (session, _) = try await session { $0.statementTimeout = .milliseconds(200) }
            try await session.connect()
            let outcomes = await session.run("SELECT 1", "SELECT pg_sleep(30)", "SELECT 2")
            #expect(outcomes.map { $0.error?.sqlState } == [nil, .queryCanceled, nil])
            #expect(outcomes[1].duration > .milliseconds(150))
            #expect(outcomes[1].receivedAt - outcomes[0].receivedAt == outcomes[1].duration)
            await session.close()
        }

        @Test("At the deadline the earlier answers are kept, and the server is told to stop")
        func keepsDeadline() async throws {
            let (session, server) = try await session { $0.statementTimeout = .zero }
            try await session.connect()
            let watch = Stopwatch()
            let outcomes = await session.run("SELECT 1 AS value", "SELECT pg_sleep(77)", "SELECT 2", within: .milliseconds(300))
            #expect(watch.elapsed < .seconds(5))
            #expect(try outcomes[0].value == "1")
            #expect(outcomes[1...].map(\.error?.code) == [.timedOut, .timedOut])
            #expect(await !session.isConnected)
            try await waitUntil("the query has gone", timeout: .seconds(20)) {
                try await server.psql("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(77)' AND state = 'active'") == "0"
            }
            #expect(server.log.contains("canceling statement due to user request"))
        }

        @Test("A cancelled task returns at once, and the server is told to stop")
        func endsOnCancellation() async throws {
            let (session, server) = try await session { $0.statementTimeout = .zero }
            try await session.connect()
            let task = Task { await session.run("SELECT 1 AS value", "SELECT pg_sleep(78)", within: .seconds(600)) }
            let sleeping = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(78)' AND wait_event = 'PgSleep'"
            try await waitUntil("the query runs") { try await server.psql(sleeping) == "1" }
            task.cancel()
            let outcomes = await task.value
            #expect(outcomes.map(\.error?.code) == [nil, .cancelled])
            try await waitUntil("the query has gone", timeout: .seconds(20)) { try await server.psql(sleeping) == "0" }
        }

        @Test("Closing ends what is under way, and the session can be connected again")
        func closesAtOnce() async throws {
            let (session, server) = try await session { $0.statementTimeout = .zero }
            try await session.connect()
            async let outcomes = session.run("SELECT pg_sleep(79)", within: .seconds(600))
            try await waitUntil("the query runs") {
                try await server.psql("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(79)' AND wait_event = 'PgSleep'") == "1"
            }
            await session.close()
            #expect(await outcomes.map(\.error?.code) == [.cancelled])
            try await session.connect()
            #expect(try await session.value("SELECT 1 AS value") == "1")
            #expect(await session.connectsTotal == 2)
            await session.close()
        }

        @Test("A terminated backend is a lost connection, in the server's words; then the session connects anew")
        func noticesTermination() async throws {
            let (session, server) = try await session()
            try await session.connect()
            let pid = try #require(await session.backendPID)
            try await server.execute("SELECT pg_terminate_backend(\(pid), 30000)")
            let outcomes = await session.run("SELECT 1", "SELECT 2")
            #expect(outcomes.map(\.error?.code) == [.connectionLost, .connectionLost])
            #expect(outcomes[0].error?.sqlState == .adminShutdown)
            #expect(await !session.isConnected)
            try await session.connect()
            #expect(await session.mode == .pipelined)
            #expect(try await session.value("SELECT 1 AS value") == "1")
            await session.close()
        }

        @Test("A connection that the server has closed meanwhile is replaced by the next call to connect")
        func replacesClosedConnections() async throws {
            let (session, server) = try await session()
            try await session.connect()
            _ = await session.run("SELECT 1")
            let pid = try #require(await session.backendPID)
            try await server.execute("SELECT pg_terminate_backend(\(pid), 30000)")
            try await session.connect()
            #expect(try await session.value("SELECT 1 AS value") == "1")
            #expect(await session.connectsTotal == 2)
            await session.close()
        }

        @Test("A backend that dies midway leaves the earlier answers")
        func keepsAnswersOfADyingBackend() async throws {
            let (session, _) = try await session()
            try await session.connect()
            let outcomes = await session.run("SELECT 1 AS value", "SELECT pg_terminate_backend(pg_backend_pid())", "SELECT 3")
            #expect(try outcomes[0].value == "1")
            #expect(outcomes[1...].map(\.error?.code) == [.connectionLost, .connectionLost])
        }

        @Test("Runs of several tasks take turns")
        func takesTurns() async throws {
            let (session, _) = try await session()
            try await session.connect()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<50 {
                    group.addTask { () async throws in
                        let outcomes = await session.run("SELECT \(number) AS value", "SELECT pg_sleep(0.001)", "SELECT -\(number) AS value")
                        #expect(try outcomes[0].value == "\(number)")
                        #expect(try outcomes[2].value == (number == 0 ? "0" : "-\(number)"))
                    }
                }
                try await group.waitForAll()
            }
            await session.close()
        }

        @Test("One whose turn does not come in time, or who is cancelled while waiting, does not hold up the next")
        func leavesTheQueue() async throws {
            let (session, _) = try await session()
            try await session.connect()
            async let long = session.run("SELECT pg_sleep(1)")
            try await waitUntil("the first run is under way") { await session.roundTripsTotal == 2 }
            let cancelled = Task { await session.run("SELECT 1") }
            async let late = session.run("SELECT 1", within: .milliseconds(50))
            async let next = session.run("SELECT 1")
            #expect(await late.map(\.error?.code) == [.timedOut])
            cancelled.cancel()
            #expect(await cancelled.value.map(\.error?.code) == [.cancelled])
            #expect(await long.map(\.error?.code) == [nil])
            #expect(await next.map(\.error?.code) == [nil])
            await session.close()
        }

        @Test("A preparation that failed is tried again")
        func preparesAgainAfterFailure() async throws {
            let (session, server) = try await session()
            try await session.connect()
            let query = "SELECT * FROM public.late"
            #expect(await session.run(query)[0].error?.sqlState == .undefinedTable)
            try await server.execute("CREATE TABLE public.late (value int)")
            #expect(await session.run(query)[0].error == nil)
            // The plan cannot be run any more; that costs one run, not all.
            try await server.execute("ALTER TABLE public.late ADD more int")
            #expect(await session.run(query)[0].error?.sqlState == .featureNotSupported)
            #expect(await session.run(query)[0].error == nil)
            _ = await session.run("DEALLOCATE ALL")
            #expect(await session.run(query)[0].error?.sqlState == .invalidStatementName)
            #expect(await session.run(query)[0].error == nil)
            try await server.execute("DROP TABLE public.late")
            await session.close()
        }

        @Test("One name for two texts does not run the wrong one")
        func distinguishesTexts() async throws {
            let (session, _) = try await session()
            try await session.connect()
            for text in ["SELECT 1 AS value", "SELECT 2 AS value", "SELECT 1 AS value"] {
                let outcome = await session.run([Statement(name: "same", sql: text)], until: .now + .seconds(30))[0]
                #expect(try outcome.value == text.dropFirst(7).prefix(1))
            }
            await session.close()
        }

        @Test("More than the sockets' buffers hold goes in both directions")
        func survivesFullBuffers() async throws {
            let (session, _) = try await session()
            try await session.connect()
            let statements = (0..<200).map {
                Statement(name: "s\($0)", sql: "SELECT repeat('x', 50000) AS value /* \(String(repeating: "y", count: 20_000)) */")
            }
            for outcome in await session.run(statements, until: .now + .seconds(60)) {
                #expect(try outcome.value.utf8.count == 50_000)
            }
            await session.close()
        }

        @Test("Without a connection every outcome says so")
        func needsAConnection() async throws {
            let (session, _) = try await session()
            #expect(await session.run("SELECT 1", "SELECT 2").map(\.error?.code) == [.connectionLost, .connectionLost])
            #expect(await session.run([], until: .now).isEmpty)
        }

        @Test("A loop of its own serves a session too")
        func runsOnItsOwnLoop() async throws {
            let server = try await SharedServer.get()
            let session = Session(ConnectionParameters(conninfo: server.conninfo()), on: try EventLoop(name: "test-own"))
            try await session.connect()
            #expect(try await session.value("SELECT 1 AS value") == "1")
            await session.close()
        }
    }
}
