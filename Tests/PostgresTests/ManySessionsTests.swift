import PostgresTestSupport
import Testing

@testable import Postgres

extension ServerTests {
    @Suite("Many sessions", .timeLimit(.minutes(3)))
    struct ManySessionsTests {
        @Test("The shared loop serves 300 sessions at once")
        func servesMany() async throws {
            try await withServers {
                let server = try await PostgresServer.primary(
                    version: PostgresInstallation.newestOfSystem().major,
                    name: "many",
                    settings: ["max_connections": "350"]
                )
                let sessions = (0..<300).map { _ in Session(ConnectionParameters(conninfo: server.conninfo())) }
                let statements = (0..<10).map { Statement(name: "s\($0)", sql: "SELECT \($0) AS value") }
                let deadline = ContinuousClock.now + .seconds(60)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for session in sessions {
                        group.addTask { () async throws in
                            try await session.connect(until: deadline)
                            for _ in 0..<3 {
                                let outcomes = await session.run(statements, until: deadline)
                                #expect(try outcomes.map { try $0.value } == (0..<10).map(String.init))
                            }
                            await session.close()
                        }
                    }
                    try await group.waitForAll()
                }
            }
        }
    }
}
