import Foundation
import PostgresTestSupport
import Synchronization
import Testing
import TimeSupport

@testable import Postgres

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

extension ServerTests {
    @Suite("Connecting", .timeLimit(.minutes(2)))
    struct ConnectingTests {
        @Test("A wrong password is told with its SQLSTATE and without the password")
        func hidesPasswords() async throws {
            let server = try await SharedServer.get()
            let conninfo = server.conninfo(user: "monitor", password: "wrong-sEcret", over: .tcp)
            let error = await #expect(throws: PostgresError.self) { try await Session(ConnectionParameters(conninfo: conninfo)).connect() }
            #expect(error?.code == .connectionFailed)
            #expect(error?.sqlState == .invalidPassword)
            #expect(error?.message.contains("sEcret") == false)
            #expect(error?.message.contains("LOCATION") == false)
        }

        @Test(
            "A text reads as it is, whatever the password: a gap in it would tell the password",
            arguments: ["monitor", "e", "failed", "password", "host"]
        )
        func leavesTexts(password: String) async throws {
            let server = try await SharedServer.get()
            let parameters = ConnectionParameters(conninfo: server.conninfo(user: "monitor", over: .tcp), passwordProvider: { password })
            let error = await #expect(throws: PostgresError.self) { try await Session(parameters).connect() }
            let words = #"connection to server at "127.0.0.1", port \#(server.port) failed: FATAL: password authentication failed for user "monitor""#
            #expect(error?.message == words)
        }

        @Test("What a server says is not shown when it says the password", arguments: [("Tr0ub4dor&3", true), ("refused", false)])
        func withholdsEchoes(password: String, isWithheld: Bool) async throws {
            let server = try await HostileServer(options: ["--refuse", "user", "--words", "28P01:refused: \(password)"])
            let conninfo = "host=127.0.0.1 port=\(server.port) user=monitor password='\(password)' dbname=postgres gssencmode=disable"
            let error = await #expect(throws: PostgresError.self) { try await Session(ConnectionParameters(conninfo: conninfo)).connect() }
            #expect(error?.sqlState == .invalidPassword)
            #expect(error?.message.hasSuffix(isWithheld ? ErrorText.withheld : "refused: refused") == true, "\(error?.message ?? "")")

            let file = TemporaryRoot.uniquePath("passfile")
            try "*:*:*:*:\(password)\n".write(toFile: file, atomically: true, encoding: .utf8)
            chmod(file, 0o600)
            let byFile = "host=127.0.0.1 port=\(server.port) user=monitor passfile=\(file) dbname=postgres gssencmode=disable"
            let same = await #expect(throws: PostgresError.self) { try await Session(ConnectionParameters(conninfo: byFile)).connect() }
            #expect(same == error)
            await server.stop()
        }

        @Test("The password is asked for at each connect, so that a rotated one is taken up")
        func asksForPasswords() async throws {
            let server = try await SharedServer.get()
            let current = Mutex("first-secret")
            let parameters = ConnectionParameters(
                conninfo: server.conninfo(user: "monitor", over: .tcp),
                passwordProvider: { current.withLock { $0 } }
            )
            let session = Session(parameters)
            try await session.connect()
            await session.close()
            try await server.execute("ALTER ROLE monitor PASSWORD 'second-secret'")
            await #expect(throws: PostgresError.self) { try await session.connect() }
            current.withLock { $0 = "second-secret" }
            try await session.connect()
            await session.close()
            try await server.execute("ALTER ROLE monitor PASSWORD 'first-secret'")
        }

        @Test("A provider that fails is an error of its own")
        func tellsOfProviders() async throws {
            struct Missing: Error, CustomStringConvertible {
                let description = "/run/secrets/monitor: no such file"
            }
            let session = Session(ConnectionParameters(passwordProvider: { throw Missing() }))
            let error = await #expect(throws: PostgresError.self) { try await session.connect() }
            #expect(error == PostgresError(.passwordUnavailable, "the password could not be obtained: /run/secrets/monitor: no such file"))
        }

        @Test("A refused connection and an unknown host fail with libpq's words")
        func tellsOfTheNetwork() async throws {
            let port = try PortReservation()
            let refused = await #expect(throws: PostgresError.self) {
                try await Session(ConnectionParameters(conninfo: "host=127.0.0.1 port=\(port.port)")).connect()
            }
            #expect(refused?.code == .connectionFailed)
            #expect(refused?.message.contains("Connection refused") == true)
            let unknown = await #expect(throws: PostgresError.self) {
                try await Session(ConnectionParameters(conninfo: "host=no-such-host.invalid")).connect()
            }
            #expect(unknown?.code == .connectionFailed)
            #expect(unknown?.message.contains("no-such-host.invalid") == true)
        }

        @Test("An invalid connection string fails without being quoted")
        func refusesConnectionStrings() async {
            let session = Session(ConnectionParameters(conninfo: "password=my sEcret"))
            let error = await #expect(throws: PostgresError.self) { try await session.connect() }
            #expect(error?.code == .invalidConnectionString)
        }

        @Test("A peer that never answers costs until the deadline, and neither threads nor sockets")
        func leavesSilentPeers() async throws {
            let server = try await SharedServer.get()
            let relay = try TCPRelay(to: server.port)
            relay.set(.silent)
            let session = Session(ConnectionParameters(conninfo: "host=127.0.0.1 port=\(relay.port)"))
            for _ in 0..<20 {
                let watch = Stopwatch()
                let error = await #expect(throws: PostgresError.self) { try await session.connect(until: .now + .milliseconds(50)) }
                #expect(error?.code == .timedOut)
                #expect(watch.elapsed < .seconds(2))
                #expect(openSockets(to: relay.port) <= 1)
            }
            try await waitUntil("the last attempt has ended") { openSockets(to: relay.port) == 0 }
            relay.close()
        }

        @Test("Cancelling ends an attempt at once")
        func endsOnCancellation() async throws {
            let server = try await SharedServer.get()
            let relay = try TCPRelay(to: server.port)
            relay.set(.silent)
            let session = Session(ConnectionParameters(conninfo: "host=127.0.0.1 port=\(relay.port)"))
            let task = Task { try await session.connect(until: .now + .seconds(600)) }
            try await waitUntil("the attempt is under way") { openSockets(to: relay.port) == 1 }
            task.cancel()
            let error = await #expect(throws: PostgresError.self) { try await task.value }
            #expect(error?.code == .cancelled)
            try await waitUntil("the attempt has ended") { openSockets(to: relay.port) == 0 }
            relay.close()
        }

        @Test("A name lookup that hangs delays neither the caller nor is another one started beside it")
        func startsOneLookup() async throws {
            let server = try await SharedServer.get()
            let lookup = HangingLookup()
            // This one connects though nobody waits any more, as libpq may when the lookup ends at last.
            let parameters = ConnectionParameters(conninfo: server.conninfo(), applicationName: "hanging lookup")
            let session = Session(parameters, on: .shared) { parameters, _, _ in
                lookup.hang()
                return ConnectionOpening(parameters: parameters, deadline: .now + .seconds(30), isAbandoned: { false }).open()
            }
            for _ in 0..<5 {
                let error = await #expect(throws: PostgresError.self) { try await session.connect(until: .now + .milliseconds(50)) }
                #expect(error?.code == .timedOut)
            }
            #expect(lookup.started == 1)
            lookup.release()
            try await session.connect()
            #expect(lookup.started == 2)
            #expect(try await session.value("SELECT 1 AS value") == "1")
            try await waitUntil("the first attempt's connection has been closed", timeout: .seconds(20)) {
                try await server.psql("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'hanging lookup'") == "1"
            }
            await session.close()
        }
    }
}

/// A name lookup that hangs until it is released, and from then on is quick.
private final class HangingLookup: Sendable {
    private let state = Mutex((started: 0, isReleased: false))

    var started: Int { state.withLock(\.started) }

    func hang() {
        state.withLock { $0.started += 1 }
        while !state.withLock(\.isReleased) { usleep(1_000) }
    }

    func release() {
        state.withLock { $0.isReleased = true }
    }
}
