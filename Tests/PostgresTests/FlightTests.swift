import CLibPQ
import PostgresTestSupport
import Testing

@testable import Postgres

@Suite("A flight of statements")
struct FlightTests {
    private static let statements = ["a", "b", "c"].map { Statement(name: $0, sql: $0) }
    private static let failure = PostgresError(.server, "no")

    @Test("Answers that came together share their time evenly; one that was sent at once has its own")
    func sharesTime() async throws {
        var flight = Flight(of: Self.statements)
        try await Task.sleep(for: .milliseconds(40))
        flight.record(.failure(Self.failure), for: 2, inBurst: 7)
        flight.record(.failure(Self.failure), for: 0, inBurst: 7)
        try await Task.sleep(for: .milliseconds(80))
        flight.record(.failure(Self.failure), for: 1)
        let outcomes = flight.ended()
        #expect(outcomes[0].duration == outcomes[2].duration)
        #expect(outcomes[0].duration >= .milliseconds(20))
        #expect(outcomes[1].duration >= .milliseconds(80))
        #expect(outcomes[1].receivedAt - outcomes[0].receivedAt == outcomes[1].duration)
        #expect(outcomes[0].duration + outcomes[2].duration + outcomes[1].duration == outcomes[1].receivedAt - outcomes[1].sentAt)
    }

    @Test("What has no answer fails with what ended the flight; what cannot be believed fails as a whole")
    func ends() {
        var flight = Flight(of: Self.statements)
        flight.record(.failure(Self.failure), for: 1)
        #expect(flight.ended(by: .lost("gone")).map(\.error?.code) == [.connectionLost, .server, .connectionLost])
        #expect(flight.spoiled(by: .lost("gone")).map(\.error?.code) == [.connectionLost, .connectionLost, .connectionLost])
    }

    @Test("A statement that has failed is not trusted until it has succeeded for a minute")
    func mistrusts() {
        let (statement, now) = (Self.statements[0], ContinuousClock.now)
        var troubled = TroubledStatements()
        troubled.note(statement, hasFailed: false, at: now)
        #expect(!troubled.contains(statement))
        troubled.note(statement, hasFailed: true, at: now)
        for seconds in [10, 69] {
            troubled.note(statement, hasFailed: false, at: now + .seconds(seconds))
            #expect(troubled.contains(statement))
        }
        troubled.note(statement, hasFailed: true, at: now + .seconds(70))
        for seconds in [71, 130] {
            troubled.note(statement, hasFailed: false, at: now + .seconds(seconds))
            #expect(troubled.contains(statement))
        }
        troubled.note(statement, hasFailed: false, at: now + .seconds(131))
        #expect(!troubled.contains(statement))
    }

    @Test(
        "Results that nobody asked for are refused",
        arguments: [
            [PGRES_TUPLES_OK, PGRES_TUPLES_OK], [PGRES_PIPELINE_SYNC], [PGRES_COPY_OUT], [PGRES_COPY_IN], [PGRES_COPY_BOTH], [PGRES_SINGLE_TUPLE],
            [PGRES_NONFATAL_ERROR], [PGRES_BAD_RESPONSE], [PGRES_PIPELINE_ABORTED], [PGRES_FATAL_ERROR, PGRES_TUPLES_OK],
            [PGRES_FATAL_ERROR, PGRES_FATAL_ERROR, PGRES_FATAL_ERROR, PGRES_FATAL_ERROR, PGRES_FATAL_ERROR],
        ]
    )
    func refuses(statuses: [ExecStatusType]) throws {
        var reading = SegmentReading(isPreparing: false, statements: 1)
        for status in statuses.dropLast() { _ = try reading.take(status) }
        #expect(throws: PostgresError.self) { try reading.take(statuses[statuses.count - 1]) }
    }
}

extension ServerTests {
    @Suite("A warm flight", .timeLimit(.minutes(3)))
    struct WarmFlightTests {
        private static let versions = PostgresInstallation.majors
        private static let clock = (0..<3).map { Statement(name: "now\($0)", sql: "SELECT extract(epoch FROM now())::text AS value") }

        private func session(_ version: Int, statementTimeout: Duration = .milliseconds(400), _ body: (Session, PostgresServer) async throws -> Void)
            async throws
        {
            try await withServers {
                let server = try await PostgresServer.primary(version: version, name: "warm")
                var parameters = ConnectionParameters(conninfo: server.conninfo())
                parameters.statementTimeout = statementTimeout
                let session = Session(parameters)
                try await session.connect()
                try await body(session, server)
                await session.close()
            }
        }

        private func run(_ session: Session, _ statements: [Statement]) async -> [StatementOutcome] {
            await session.run(statements, until: .now + .seconds(30))
        }

        @Test("Statements that are known share a transaction, and a failure among them costs only itself", arguments: versions)
        func fliesTogether(version: Int) async throws {
            try await session(version) { session, server in
                try await server.execute("CREATE TABLE public.switch AS SELECT 1 AS one")
                let fragile = Statement(name: "fragile", sql: "SELECT (1 / (SELECT count(*) FROM public.switch))::text AS value")
                let statements = [Self.clock[0], fragile, Self.clock[1], Self.clock[2]]
                func times(_ outcomes: [StatementOutcome]) throws -> Set<String> { try Set([0, 2, 3].map { try outcomes[$0].value }) }

                #expect(try times(await run(session, statements)).count == 3)
                let before = await session.roundTripsTotal
                #expect(try times(await run(session, statements)).count == 1)
                #expect(await session.roundTripsTotal == before + 1)

                try await server.execute("TRUNCATE public.switch")
                var outcomes = await run(session, statements)
                #expect(outcomes.map(\.error?.sqlState) == [nil, SQLState("22012"), nil, nil])
                // Those behind the failure were sent once more, each for itself.
                #expect(try times(outcomes).count == 3)
                #expect(await session.roundTripsTotal == before + 3)

                // From now on it flies apart, whether it fails or not.
                for isFull in [false, true] {
                    if isFull { try await server.execute("INSERT INTO public.switch VALUES (1)") }
                    let already = await session.roundTripsTotal
                    outcomes = await run(session, statements)
                    #expect(outcomes.map(\.error?.sqlState) == [nil, isFull ? nil : SQLState("22012"), nil, nil])
                    #expect(try times(outcomes).count == 1)
                    #expect(await session.roundTripsTotal == already + 1)
                }
            }
        }

        @Test("Each has the whole statement_timeout, and one that exceeds it costs only itself", arguments: versions)
        func limitsEach(version: Int) async throws {
            try await session(version) { session, server in
                try await server.execute("CREATE TABLE public.pace AS SELECT 0.0 AS seconds")
                let slow = (0..<3).map {
                    Statement(name: "slow\($0)", sql: "SELECT '' AS value FROM (SELECT pg_sleep(seconds) FROM public.pace) AS s")
                }
                #expect(await run(session, slow).map(\.error?.code) == [nil, nil, nil])
                try await server.execute("UPDATE public.pace SET seconds = 0.2")
                for _ in 0..<2 {
                    let outcomes = await run(session, slow)
                    #expect(outcomes.map(\.error?.code) == [nil, nil, nil])
                    // Which took how long is told by when each answer was seen, on a busy machine several at once.
                    #expect(outcomes.reduce(.zero) { $0 + $1.duration } > .milliseconds(500), "\(outcomes.map(\.duration))")
                }
                let last = Statement(name: "last", sql: "SELECT pg_sleep((SELECT seconds * 5 FROM public.pace) - 1)::text AS value")
                #expect(await run(session, [last])[0].error == nil)
                try await server.execute("UPDATE public.pace SET seconds = 0.3")
                let outcomes = await run(session, [Self.clock[0], last, Self.clock[1]])
                #expect(outcomes.map(\.error?.sqlState) == [nil, .queryCanceled, nil])
            }
        }

        @Test("A role's limit for transactions does not end a session whose statements share one")
        func hasNoTransactionTimeout() async throws {
            try await session(18, statementTimeout: .seconds(10)) { session, server in
                try await server.execute("ALTER ROLE postgres SET transaction_timeout = '250ms'")
                await session.close()
                try await session.connect()
                let slow = (0..<2).map { Statement(name: "slow\($0)", sql: "SELECT pg_sleep(0.2)::text AS value") }
                for _ in 0..<2 {
                    #expect(await run(session, slow).map(\.error?.code) == [nil, nil])
                }
            }
        }

        @Test("A backend that dies in it leaves the failure to each that has no answer yet, in the server's words", arguments: versions)
        func diesTogether(version: Int) async throws {
            try await session(version) { session, server in
                try await server.execute("CREATE TABLE public.doom AS SELECT false AS now")
                let doom = Statement(
                    name: "doom",
                    sql: "SELECT (CASE WHEN now THEN pg_terminate_backend(pg_backend_pid()) END)::text AS value FROM public.doom"
                )
                let statements = [Self.clock[0], doom, Self.clock[1]]
                #expect(await run(session, statements).map(\.error?.code) == [nil, nil, nil])
                try await server.execute("UPDATE public.doom SET now = true")
                let outcomes = await run(session, statements)
                #expect(outcomes[1...].map(\.error?.code) == [.connectionLost, .connectionLost])
                #expect(outcomes[2].error?.sqlState == .adminShutdown)
                #expect(await !session.isConnected)
            }
        }
    }
}
