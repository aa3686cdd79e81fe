import PostgresTestSupport
import Testing

@testable import Postgres

@Suite("SCRAM's iteration count")
struct ScramGuardTests {
    private static func message(_ kind: Character, _ code: UInt8, _ text: String = "") -> [UInt8] {
        [kind.asciiValue ?? 0, 0, 0, 0, UInt8(8 + text.utf8.count), 0, 0, 0, code] + text.utf8
    }

    private func judge(_ bytes: [UInt8]) -> ScramGuard.Verdict {
        var scram = ScramGuard()
        return bytes.withUnsafeBytes { scram.judge($0) }
    }

    @Test(
        "A reasonable one passes, another does not",
        arguments: [
            ("4096", ScramGuard.Verdict.harmless), ("1000000", .harmless), ("1000001", .refused(iterations: 1_000_001)),
            ("2147483647", .refused(iterations: 2_147_483_647)), ("99999999999999999999", .refused(iterations: nil)),
            ("1e9", .refused(iterations: nil)),
            ("", .refused(iterations: nil)),
        ]
    )
    func judgesCounts(count: String, verdict: ScramGuard.Verdict) {
        #expect(judge(Self.message("R", 11, "r=abc,s=c2FsdA==,i=\(count)")) == verdict)
    }

    @Test("It is found behind other messages, and waited for when it is not whole")
    func waitsForTheWhole() {
        let offer = Self.message("R", 10, "SCRAM-SHA-256\0\0")
        let bytes = offer + Self.message("R", 11, "r=abc,s=c2FsdA==,i=2147483647")
        #expect(judge(bytes) == .refused(iterations: 2_147_483_647))
        #expect(judge(offer) == .harmless)
        for length in offer.count + 1..<bytes.count {
            #expect(judge(Array(bytes.prefix(length))) == .incomplete)
        }
    }

    @Test("Other messages, and what follows the end of authentication, are libpq's", arguments: ["E", "S", "Z", "\u{1}"] as [Character])
    func leavesTheRest(kind: Character) {
        #expect(judge([kind.asciiValue ?? 0, 0, 0]) == .harmless)
        #expect(judge(Self.message("R", 0) + Self.message("R", 11, "i=2147483647")) == .harmless)
        #expect(judge([]) == .harmless)
    }
}

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
            let start = ContinuousClock.now
            let error = await #expect(throws: PostgresError.self) { try await session.connect(until: start + .seconds(20)) }
            #expect(ContinuousClock.now - start < .seconds(10))
            #expect(error?.code == .connectionFailed)
            #expect(error?.message.contains("asks for 2147483647 SCRAM iterations") == true, "\(error as Any)")
            try await waitUntil("no attempt is left") { threads(named: "pgwal-connect") == 0 }
            await server.stop()
        }

        @Test("One that cuts its message where it is hard to see costs no more than silence")
        func seesCutMessages() async throws {
            let server = try await HostileServer(["auth:scram-split"])
            let session = Session(ConnectionParameters(conninfo: server.conninfo))
            let error = await #expect(throws: PostgresError.self) { try await session.connect(until: .now + .milliseconds(300)) }
            #expect(error?.code == .timedOut)
            try await waitUntil("no attempt is left", timeout: .seconds(5)) { threads(named: "pgwal-connect") == 0 }
            await server.stop()
        }
    }
}
