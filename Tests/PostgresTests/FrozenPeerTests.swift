import PostgresTestSupport
import Testing
import TimeSupport

@testable import Postgres

extension ServerTests {
    @Suite("A frozen server", .timeLimit(.minutes(3)))
    struct FrozenPeerTests {
        @Test("Runs and attempts to connect end at their deadlines and leave neither threads nor sockets behind")
        func keepsDeadlines() async throws {
            try await withServers {
                let server = try await PostgresServer.primary(version: PostgresInstallation.newestOfSystem().major, name: "frozen")
                try await server.execute("CREATE ROLE monitor LOGIN PASSWORD 'secret'")
                let session = Session(ConnectionParameters(conninfo: server.conninfo(user: "monitor", password: "secret", over: .tcp)))
                try await session.connect()
                server.freeze()
                let watch = Stopwatch()
                let outcomes = await session.run("SELECT 1", "SELECT 2", within: .milliseconds(200))
                #expect(outcomes.map(\.error?.code) == [.timedOut, .timedOut])
                for _ in 0..<20 {
                    let error = await #expect(throws: PostgresError.self) { try await session.connect(until: .now + .milliseconds(50)) }
                    #expect(error?.code == .timedOut)
                }
                #expect(watch.elapsed < .seconds(10))
                // The cancel request hangs, and is not repeated.
                try await waitUntil("at most the cancel request is left") { openSockets(to: server.port) <= 1 }
                try await waitUntil("one cancel request hangs") { threads(named: "pgwal-cancel") == 1 }
                try await waitUntil("no attempt is left") { threads(named: "pgwal-connect") == 0 }

                server.thaw()
                try await session.connect()
                #expect(try await session.value("SELECT 1 AS value") == "1")
                try await waitUntil("the cancel request is through") { threads(named: "pgwal-cancel") == 0 }
                #expect(openSockets(to: server.port) == 1)
                await session.close()
            }
        }

        @Test("Only one cancel request at a time hangs, however many runs are given up")
        func sendsOneCancelRequest() async throws {
            try await withServers {
                let server = try await PostgresServer.primary(version: PostgresInstallation.newestOfSystem().major, name: "postmaster")
                try await server.execute("CREATE ROLE monitor LOGIN PASSWORD 'secret'")
                let relay = try TCPRelay(to: server.port)
                let conninfo = "host=127.0.0.1 port=\(relay.port) user=monitor password=secret dbname=postgres"
                let session = Session(ConnectionParameters(conninfo: conninfo))
                for _ in 0..<3 {
                    relay.set(.open)
                    try await session.connect()
                    relay.set(.silent)
                    #expect(await session.run("SELECT 1", within: .milliseconds(50)).map(\.error?.code) == [.timedOut])
                    #expect(threads(named: "pgwal-cancel") <= 1)
                }
                relay.close()
                try await waitUntil("the cancel request has failed") { threads(named: "pgwal-cancel") == 0 }
            }
        }

        @Test("A pipeline that breaks fresh connections twice, for no stated reason, makes the next connection serial")
        func fallsBackToSerial() async throws {
            let server = try await SharedServer.get()
            let relay = try TCPRelay(to: server.port)
            let conninfo = "host=127.0.0.1 port=\(relay.port) user=monitor password=first-secret dbname=postgres"
            let session = Session(ConnectionParameters(conninfo: conninfo))
            for _ in 0..<2 {
                relay.set(.open)
                try await session.connect()
                #expect(await session.mode == .pipelined)
                relay.set(.cut)
                #expect(await session.run("SELECT 1").map(\.error?.code) == [.connectionLost])
            }
            relay.set(.open)
            try await session.connect()
            #expect(await session.mode == .serial)
            #expect(try await session.value("SELECT 1 AS value") == "1")
            await session.close()
            try await session.connect()
            #expect(await session.mode == .pipelined)
            await session.close()
            relay.close()
        }
    }
}
