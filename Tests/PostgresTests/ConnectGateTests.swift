import PostgresTestSupport
import Testing

@testable import Postgres

@Suite("The gate for connecting", .timeLimit(.minutes(1)))
struct ConnectGateTests {
    private let loop: EventLoop

    init() throws {
        loop = try EventLoop(name: "test-gate")
    }

    private var soon: ContinuousClock.Instant { .now + .milliseconds(20) }
    private var late: ContinuousClock.Instant { .now + .seconds(30) }

    @Test("Places are granted in the order of asking")
    func isFair() async throws {
        let gate = ConnectGate(places: 1, threads: 8)
        let places = (0..<4).map { _ in gate.request(on: loop) }
        for index in 0..<4 {
            try await places[index].wait(until: late)
            if index < 3 {
                let error = await #expect(throws: PostgresError.self) { try await places[index + 1].wait(until: soon) }
                #expect(error?.code == .timedOut)
            }
            places[index].leave()
        }
    }

    @Test("One that hangs beyond its deadline gives its place to the next, up to the number of threads")
    func passesHangingOnes() async throws {
        let gate = ConnectGate(places: 1, threads: 3)
        let places = (0..<5).map { _ in gate.request(on: loop) }
        for index in 0..<3 {
            try await places[index].wait(until: late)
            places[index].linger()
        }
        let error = await #expect(throws: PostgresError.self) { try await places[3].wait(until: soon) }
        #expect(error?.message.contains("3 that were given up hang") == true)
        places[1].leave()
        places[1].leave()
        places[1].linger()
        try await places[3].wait(until: late)
        await #expect(throws: PostgresError.self) { try await places[4].wait(until: soon) }
        places[3].leave()
        try await places[4].wait(until: late)
    }

    @Test("Those that failed come after those that did not, and leave places free for them")
    func retriesComeLast() async throws {
        let gate = ConnectGate(places: 4, threads: 16)
        let retries = (0..<5).map { _ in gate.request(isRetry: true, on: loop) }
        for place in retries[..<3] { try await place.wait(until: late) }
        await #expect(throws: PostgresError.self, "a quarter is not theirs") { try await retries[3].wait(until: soon) }
        let others = (0..<2).map { _ in gate.request(on: loop) }
        try await others[0].wait(until: late)
        retries[0].leave()
        try await others[1].wait(until: late)
        await #expect(throws: PostgresError.self) { try await retries[3].wait(until: soon) }
        others[0].leave()
        try await retries[3].wait(until: late)
        // One that gave up in the line is nobody's turn.
        retries[4].leave()
        let last = gate.request(isRetry: true, on: loop)
        retries[1].leave()
        try await last.wait(until: late)
    }

    @Test("One that gives up in the line is passed over, and what waits for it is cancelled")
    func passesOver() async throws {
        let gate = ConnectGate(places: 1, threads: 8)
        let places = (0..<3).map { _ in gate.request(on: loop) }
        let waiting = Task { try await places[1].wait(until: .now + .seconds(30)) }
        await Task.yield()
        places[1].leave()
        let error = await #expect(throws: PostgresError.self) { try await waiting.value }
        #expect(error?.code == .cancelled)
        places[0].leave()
        try await places[2].wait(until: late)
    }
}

extension ServerTests {
    @Suite("Many attempts to connect", .timeLimit(.minutes(2)))
    struct ManyAttemptsTests {
        @Test("Some thirty at once are on their way, and those whose time is over do not hold up the others")
        func areBounded() async throws {
            let silent = try await HostileServer(["startup:silent"])
            let honest = try await HostileServer()
            await withTaskGroup(of: PostgresError?.self) { group in
                for index in 0..<120 {
                    group.addTask {
                        // Every fifth is honest; each has the time of a few that hang.
                        let server = index % 5 == 4 ? honest : silent
                        let session = Session(ConnectionParameters(conninfo: server.conninfo))
                        do throws(PostgresError) {
                            try await session.connect(until: .now + (index % 5 == 4 ? .seconds(30) : .milliseconds(300)))
                            await session.close()
                            return nil
                        } catch {
                            return error
                        }
                    }
                }
                let watch = Task {
                    var most = 0
                    while !Task.isCancelled {
                        most = max(most, threads(named: "pgwal-connect"))
                        try? await Task.sleep(for: .milliseconds(2))
                    }
                    return most
                }
                var succeeded = 0
                for await error in group {
                    succeeded += error == nil ? 1 : 0
                    #expect(error == nil || error?.code == .timedOut, "\(error as Any)")
                }
                watch.cancel()
                // Those that were given up take a moment to end.
                let peak = await watch.value
                #expect((1...80).contains(peak))
                #expect(succeeded == 24)
            }
            await silent.stop()
            await honest.stop()
        }

        @Test("Closing ends the wait for a turn")
        func closesInLine() async throws {
            let server = try await HostileServer()
            let gate = ConnectGate(places: 0, threads: 8)
            let session = Session(ConnectionParameters(conninfo: server.conninfo), on: .shared, through: gate) { _, _, _ in
                .failure(PostgresError(.connectionFailed, "never"))
            }
            let connecting = Task { try await session.connect(until: .now + .seconds(60)) }
            try await Task.sleep(for: .milliseconds(20))
            await session.close()
            let error = await #expect(throws: PostgresError.self) { try await connecting.value }
            #expect(error?.code == .cancelled)
            await server.stop()
        }
    }
}
