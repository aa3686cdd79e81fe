import PostgresTestSupport
import Testing
import TimeSupport

@testable import Postgres

/// What a server does, and what its session must make of it.
struct Misdeed: CustomTestStringConvertible, Sendable {
    let mode: String
    let code: String?

    init(_ mode: String, _ code: PostgresError.Code?) {
        self.mode = mode
        self.code = code?.rawValue
    }

    var testDescription: String { mode }
}

extension ServerTests {
    /// Each beside a session to an honest server on the same loop, which must not be held up, and with memory that stays bounded.
    @Suite("A hostile server", .timeLimit(.minutes(5)))
    struct HostileServerTests {
        private static let copies = ["copy-in", "copy-out", "copy-both", "copied-rows"]
        private static let floods = ["completions", "readies", "descriptions", "errors", "notices", "big-notices", "notifications", "parameters"]
        private static let breaches = ["too-few", "too-many", "early-ready", "unknown", "negative-length"]
        private static let ends = ["eof", "half-eof", "fatal"]

        @Test(
            "The answer to the hello",
            arguments: (copies + floods + breaches + ends + ["rows", "endless-row", "big-error", "error"]).map { Misdeed("hello:\($0)", nil) }
                + [Misdeed("hello:silent", .timedOut), Misdeed("hello:half", .timedOut)]
        )
        func answersTheHello(misdeed: Misdeed) async throws {
            try await besideAnHonestOne(misdeed.mode) { session in
                let limit: Duration = misdeed.code == "timedOut" ? .milliseconds(300) : .seconds(10)
                let start = ContinuousClock.now
                let error = await #expect(throws: PostgresError.self) { try await session.connect(until: start + limit) }
                #expect(error.map { isExpected($0, by: misdeed) } == true, "\(error as Any)")
                if misdeed.code != "timedOut" {
                    #expect(error?.code != .timedOut)
                }
                #expect(await !session.isConnected)
            }
        }

        @Test(
            "The answer to a statement, in the first run and in a later one",
            arguments: (copies + breaches + ["completions", "readies", "descriptions", "notices", "big-notices", "notifications"]).map {
                Misdeed($0, nil)
            } + ["rows", "nulls", "endless-row"].map { Misdeed($0, nil) } + [Misdeed("errors", nil), Misdeed("extra", .protocolViolation)]
                + ends.map { Misdeed($0, .connectionLost) } + [Misdeed("silent", .timedOut), Misdeed("half", .timedOut)]
                + [Misdeed("nothing", .protocolViolation), Misdeed("parameters", nil), Misdeed("big-row", nil)],
            [1, 5]
        )
        func answersAStatement(misdeed: Misdeed, number: Int) async throws {
            try await besideAnHonestOne("\(number):\(misdeed.mode)") { session in
                try await session.connect()
                if number > 3 {
                    #expect(await session.run("a", "b", "c").map(\.error?.code) == [nil, nil, nil])
                }
                let outcomes = await session.run("a", "b", "c", within: misdeed.code == "timedOut" ? .milliseconds(300) : .seconds(10))
                let failed = outcomes.compactMap { $0.error }
                #expect(outcomes.count == 3)
                #expect(!failed.isEmpty)
                #expect(failed.allSatisfy { isExpected($0, by: misdeed) }, "\(failed)")
                if misdeed.code != "timedOut" {
                    #expect(failed.allSatisfy { $0.code != .timedOut }, "\(failed)")
                }
                #expect(await !session.isConnected)
            }
        }

        @Test("An error text of megabytes, without sense as UTF-8, is cut and repaired, and the session goes on", arguments: [1, 5])
        func cutsErrorTexts(number: Int) async throws {
            try await besideAnHonestOne("\(number):big-error") { session in
                try await session.connect()
                if number > 3 {
                    _ = await session.run("a", "b", "c")
                }
                let outcomes = await session.run("a", "b", "c")
                let position = (number - 1) % 3
                #expect(outcomes.map { $0.error == nil } == (0..<3).map { $0 != position })
                let error = try #require(outcomes[position].error)
                #expect(error.sqlState == SQLState("XX001"))
                #expect(error.message.hasPrefix(#"e\xFF\xC3(é€é€"#))
                #expect(error.message.utf8.count <= AnswerLimits.errorText)
                #expect(!error.message.contains("\u{FFFD}"))
                #expect(await session.run("a").map(\.error?.code) == [nil])
                await session.close()
            }
        }

        @Test("Too many rows cost their own statement, no other")
        func refusesTooManyRows() async throws {
            try await besideAnHonestOne("2:many-rows") { session in
                try await session.connect()
                let outcomes = await session.run("a", "b", "c")
                #expect(outcomes.map { $0.error?.code.rawValue } == [nil, "answerTooLarge", nil])
                #expect(await session.run("a", "b", "c").map(\.error?.code) == [nil, nil, nil])
                await session.close()
            }
        }

        @Test("What a server sends while nothing is asked for ends with the next run", arguments: ["notifications", "notices", "rows"])
        func endsIdleFloods(misdeed: String) async throws {
            try await besideAnHonestOne("idle:\(misdeed)") { session in
                try await session.connect()
                #expect(await session.run("a", within: .seconds(10)).map(\.error?.code) != [.timedOut])
                #expect(await !session.isConnected)
            }
        }

        @Test("A server that makes libpq remember ever more is left, without a run that fails")
        func leavesTheTalkative() async throws {
            try await besideAnHonestOne("3:some-parameters", "5:some-parameters", "7:some-parameters") { session in
                try await session.connect()
                for _ in 0..<10 {
                    try await session.connect()
                    #expect(await session.run("a").map(\.error?.code) == [nil])
                }
                #expect(await session.connectsTotal == 2)
                await session.close()
            }
        }

        @Test(
            "Before the first statement",
            arguments: [
                "connect:notices", "startup:eof", "startup:errors", "startup:rows", "startup:copy-out", "auth:notices", "auth:rows",
                "auth:parameters",
                "ready:parameters", "ready:notices", "ready:notifications", "ready:rows", "ready:copy-both", "ready:readies", "auth:big-error",
                "startup:endless-row", "startup:unknown", "ready:negative-length",
            ]
        )
        func connects(mode: String) async throws {
            try await besideAnHonestOne(mode) { session in
                // Some are found out at once, others wait, harmless, for what libpq awaits.
                let (start, watch) = (ContinuousClock.now, Stopwatch())
                let error = await #expect(throws: PostgresError.self) { try await session.connect(until: start + .seconds(2)) }
                #expect(watch.elapsed < .seconds(4))
                #expect((error?.message.utf8.count ?? 0) <= AnswerLimits.errorText)
            }
        }

        @Test(
            "Silence costs until the deadline, at each stage, also in the middle of a message",
            arguments: ["connect", "startup", "auth", "ready"].map { "\($0):silent" }
                + ["startup", "auth", "ready"].map { "\($0):half-authentication" }
        )
        func endsSilence(mode: String) async throws {
            try await besideAnHonestOne(mode) { session in
                let error = await #expect(throws: PostgresError.self) { try await session.connect(until: .now + .milliseconds(200)) }
                #expect(error?.code == .timedOut)
            }
        }

        /// Runs `body` with a session to a misbehaving server, while another session on the same loop keeps being answered.
        private func besideAnHonestOne(_ modes: String..., body: @Sendable (Session) async throws -> Void) async throws {
            let hostile = try await HostileServer(modes)
            let honest = try await HostileServer()
            let loop = try EventLoop(name: "test-hostile")
            let session = Session(ConnectionParameters(conninfo: hostile.conninfo), on: loop)
            let neighbour = Session(ConnectionParameters(conninfo: honest.conninfo), on: loop)
            try await neighbour.connect()
            resetPeakMemory()
            let memory = peakMemory()
            // What the machine makes everybody wait: a session that shares nothing with the one under attack.
            let stranger = Session(ConnectionParameters(conninfo: honest.conninfo), on: try EventLoop(name: "test-apart"))
            try await stranger.connect()
            let watches = [neighbour, stranger].map { session in Task { await longestTurn(of: session) } }
            try await body(session)
            try await Task.sleep(for: .milliseconds(20))
            for watch in watches { watch.cancel() }
            let (longest, usual) = (await watches[0].value, await watches[1].value)
            // libpq reads as long as there is something: a row of a gigabyte from a quick server on a slow machine is cut late.
            let isGigabyte = modes.contains { $0.contains("endless-row") }
            #expect(longest < .seconds(isGigabyte ? 2 : 1) + usual * 4)
            await stranger.close()
            let growth = peakMemory() - memory
            #expect(growth < (isGigabyte ? 512 : 256) * 1024 * 1024)
            print("hostile", modes.joined(separator: " "), "longest turn \(longest), memory +\(growth / 1024 / 1024) MB")
            #expect(await session.connectsTotal <= 11)
            await neighbour.close()
            await hostile.stop()
            await honest.stop()
        }

        /// Asks again and again until it is cancelled.
        private func longestTurn(of session: Session) async -> Duration {
            var longest = Duration.zero
            while !Task.isCancelled {
                let start = ContinuousClock.now
                guard await session.run("x", "y")[0].error == nil else { break }
                longest = max(longest, .now - start)
                try? await Task.sleep(for: .milliseconds(10))
            }
            return longest
        }

        private func isExpected(_ error: PostgresError, by misdeed: Misdeed) -> Bool {
            misdeed.code == nil || misdeed.code == error.code.rawValue
        }
    }
}
