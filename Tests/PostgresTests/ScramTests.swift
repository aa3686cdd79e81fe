import PostgresTestSupport
import Testing
import TimeSupport

@testable import Postgres

extension ServerTests {
    @Suite("A server that authenticates us", .timeLimit(.minutes(2)))
    struct ScramTests {
        @Test("An honest one is believed")
        func believes() async throws {
            let server = try await HostileServer(["auth:scram"])
            let session = Session(ConnectionParameters(conninfo: server.conninfo))
            try await session.connect()
            #expect(try await session.value("SELECT 1") == "1")
            await session.close()
            await server.stop()
        }

        @Test("One that would have us compute for a quarter of an hour is refused at once", arguments: ["sslmode=disable", "sslmode=prefer"])
        func refusesToCompute(option: String) async throws {
            let server = try await HostileServer(["auth:scram-huge"])
            let session = Session(ConnectionParameters(conninfo: "\(server.conninfo) \(option)"))
            let (start, watch) = (ContinuousClock.now, Stopwatch())
            let error = await #expect(throws: PostgresError.self) { try await session.connect(until: start + .seconds(20)) }
            #expect(watch.elapsed < .seconds(10))
            #expect(error?.code == .connectionFailed)
            #expect(error?.message.contains("asks for 2147483647 SCRAM iterations") == true, "\(error as Any)")
            try await waitUntil("no attempt is left") { threads(named: "pgwal-connect") == 0 }
            await server.stop()
        }

        @Test("The same through TLS")
        func refusesToComputeOverTLS() async throws {
            let server = try await HostileServer(["auth:scram-huge"], options: ["--tls", try await TestCertificate.make().bundle])
            let session = Session(ConnectionParameters(conninfo: "\(server.conninfo) sslmode=require"))
            let error = await #expect(throws: PostgresError.self) { try await session.connect(until: .now + .seconds(20)) }
            #expect(error?.message.contains("asks for 2147483647 SCRAM iterations") == true, "\(error as Any)")
            await server.stop()
        }

        @Test("One that cuts its message where it is hard to see is seen through")
        func seesCutMessages() async throws {
            let server = try await HostileServer(["auth:scram-split"])
            let session = Session(ConnectionParameters(conninfo: server.conninfo))
            let error = await #expect(throws: PostgresError.self) { try await session.connect(until: .now + .seconds(20)) }
            #expect(error?.message.contains("asks for 2147483647 SCRAM iterations") == true, "\(error as Any)")
            try await waitUntil("no attempt is left", timeout: .seconds(5)) { threads(named: "pgwal-connect") == 0 }
            await server.stop()
        }
    }
}
