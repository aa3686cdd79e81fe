import PostgresTestSupport
import Testing

@testable import Postgres

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@Suite("The event loop")
struct EventLoopTests {
    private let loop: EventLoop

    init() throws {
        loop = try EventLoop(name: "test-loop")
    }

    private struct Pipe {
        let readEnd: Int32
        let writeEnd: Int32

        init() {
            var ends: [Int32] = [0, 0]
            precondition(pipe(&ends) == 0)
            (readEnd, writeEnd) = (ends[0], ends[1])
        }

        func put() {
            var byte: UInt8 = 1
            write(writeEnd, &byte, 1)
        }

        func closeBoth() {
            close(readEnd)
            close(writeEnd)
        }
    }

    @Test("A wait ends when the descriptor is ready")
    func wakesOnReadiness() async throws {
        let pipe = Pipe()
        defer { pipe.closeBoth() }
        try await loop.wait(for: .writable, on: pipe.writeEnd, until: .now + .seconds(30))
        async let wait: Void = loop.wait(for: .readable, on: pipe.readEnd, until: .now + .seconds(30))
        pipe.put()
        try await wait
    }

    @Test("A wait ends at its deadline, not before")
    func keepsDeadlines() async {
        let pipe = Pipe()
        defer { pipe.closeBoth() }
        let deadline = ContinuousClock.now + .milliseconds(80)
        await #expect(throws: WaitFailure.deadlinePassed) { try await loop.wait(for: .readable, on: pipe.readEnd, until: deadline) }
        #expect(ContinuousClock.now >= deadline)
        await #expect(throws: WaitFailure.deadlinePassed) { try await loop.wait(for: .readable, on: pipe.readEnd, until: deadline) }
    }

    /// Keeps the loop's thread to itself.
    private actor Hog {
        nonisolated let loop: EventLoop
        nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

        init(_ loop: EventLoop) { self.loop = loop }

        func hold(until deadline: ContinuousClock.Instant, then: () -> Void) {
            then()
            while ContinuousClock.now < deadline { usleep(1_000) }
        }
    }

    @Test("What has become ready is in time, though the loop comes to it late and it is much", .timeLimit(.minutes(1)))
    func readinessBeatsDeadlines() async throws {
        let pipe = Pipe()
        let ends = (0..<300).map { _ in dup(pipe.readEnd) }
        defer {
            ends.forEach { close($0) }
            pipe.closeBoth()
        }
        let deadline = ContinuousClock.now + .seconds(1)
        let waits = ends.map { end in Task { [loop] in try await loop.wait(for: .readable, on: end, until: deadline) } }
        // All are waiting before the loop has other things to do.
        try await Task.sleep(for: .milliseconds(300))
        await Hog(loop).hold(until: deadline + .milliseconds(50)) { pipe.put() }
        var late = 0
        for wait in waits {
            do { try await wait.value } catch { late += 1 }
        }
        #expect(late == 0)
    }

    @Test("A wait ends when its task is cancelled, also when that was before", .timeLimit(.minutes(1)))
    func endsOnCancellation() async {
        let pipe = Pipe()
        defer { pipe.closeBoth() }
        for round in 0..<200 {
            let task = Task { [loop] in
                try await loop.wait(for: .readable, on: pipe.readEnd, until: .now + .seconds(600))
            }
            if round % 2 == 0 { await Task.yield() }
            task.cancel()
            await #expect(throws: WaitFailure.cancelled) { try await task.value }
        }
    }

    @Test("A closed descriptor ends the wait instead of hanging it", .timeLimit(.minutes(1)))
    func endsOnClosedDescriptor() async throws {
        let pipe = Pipe()
        defer { pipe.closeBoth() }
        // A number that nobody else is given in the meantime: the lowest that is free goes first.
        let high = fcntl(pipe.readEnd, F_DUPFD, 900)
        close(high)
        try await loop.wait(for: .readable, on: high, until: .now + .seconds(600))
    }

    @Test("Hundreds of waits end each for its own reason", .timeLimit(.minutes(1)))
    func servesManyWaits() async {
        let pipes = (0..<150).map { _ in Pipe() }
        defer { pipes.forEach { $0.closeBoth() } }
        await withTaskGroup(of: (Int, WaitFailure?).self) { group in
            for (index, pipe) in pipes.enumerated() {
                let deadline: Duration = index % 3 == 0 ? .milliseconds(50) : .seconds(600)
                group.addTask { [loop] in
                    do throws(WaitFailure) {
                        try await loop.wait(for: .readable, on: pipe.readEnd, until: .now + deadline)
                        return (index, nil)
                    } catch {
                        return (index, error)
                    }
                }
            }
            for (index, pipe) in pipes.enumerated() where index % 3 == 1 { pipe.put() }
            var pending = 150
            for await (index, failure) in group {
                let expected: [WaitFailure?] = [.deadlinePassed, nil, .cancelled]
                #expect(failure == expected[index % 3])
                pending -= 1
                if pending == 50 { group.cancelAll() }
            }
        }
    }

    @Test("A one-shot wakes its waiter whether it fires before or after the wait begins", .timeLimit(.minutes(1)))
    func firesOneShots() async {
        for round in 0..<200 {
            let shot = OneShot(on: loop)
            let task = Task { await shot.wait(until: .now + .seconds(600)) }
            if round % 2 == 0 { await Task.yield() }
            shot.fire()
            #expect(await task.value == .ready)
        }
    }

    @Test("The loop's thread ends and its pipe is closed when the loop is released")
    func stopsWhenReleased() async throws {
        weak var core: EventLoopCore?
        do {
            let loop = try EventLoop(name: "test-released")
            core = loop.core
            await #expect(throws: WaitFailure.deadlinePassed) { try await loop.wait(for: .readable, on: -1, until: .now) }
        }
        try await waitUntil("the loop has ended") { core == nil }
    }

    @Test("Deadlines come in their order, and what is not wanted any more does not come")
    func ordersDeadlines() {
        let now = ContinuousClock.now
        var heap = DeadlineHeap()
        for number in (0..<500).shuffled() {
            heap.add(DeadlineHeap.Entry(deadline: now + .milliseconds(number), id: UInt64(number), number: UInt64(number)))
        }
        heap.filter { $0.id % 3 != 0 }
        var seen: [UInt64] = []
        while let first = heap.first {
            seen.append(first.id)
            heap.removeFirst()
        }
        #expect(seen == (0..<500).filter { $0 % 3 != 0 })
    }

    @Test("A wait is not ended by an earlier one of the same descriptor or the same number", .timeLimit(.minutes(1)))
    func outlivesDescriptors() async throws {
        for round in 0..<50 {
            let first = Pipe()
            await #expect(throws: WaitFailure.deadlinePassed) {
                try await loop.wait(for: .readable, on: first.readEnd, until: .now + .milliseconds(1))
            }
            first.closeBoth()
            // Most likely the same numbers.
            let second = Pipe()
            defer { second.closeBoth() }
            let wait = Task { [loop] in try await loop.wait(for: .readable, on: second.readEnd, until: .now + .seconds(600)) }
            if round % 2 == 0 { await Task.yield() }
            second.put()
            try await wait.value
        }
    }

    @Test("More timers than descriptors are allowed do not disturb a wait for readiness", .timeLimit(.minutes(1)))
    func keepsTimersApart() async throws {
        limitDescriptors(to: 1_024)
        let pipe = Pipe()
        defer { pipe.closeBoth() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<2_000 {
                group.addTask { [loop] in
                    await #expect(throws: WaitFailure.cancelled) { try await loop.sleep(until: .now + .seconds(600)) }
                }
            }
            async let wait: Void = loop.wait(for: .readable, on: pipe.readEnd, until: .now + .seconds(5))
            try await Task.sleep(for: .milliseconds(100))
            pipe.put()
            try await wait
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    @Test("A loop whose job does not end is seen by another thread", .timeLimit(.minutes(1)))
    func showsStalls() async throws {
        try await waitUntil("the loop rests") { loop.stalled() == nil }
        let rounds = loop.roundsTotal
        let pipe = Pipe()
        defer { pipe.closeBoth() }
        let job = Task(executorPreference: LoopTaskExecutor(loop)) {
            var byte: UInt8 = 0
            read(pipe.readEnd, &byte, 1)
        }
        try await waitUntil("the loop is seen to stall") { (loop.stalled() ?? .zero) > .milliseconds(50) }
        #expect((loop.stalled(at: .now + .seconds(10)) ?? .zero) > .seconds(10))
        pipe.put()
        await job.value
        try await waitUntil("the loop rests again") { loop.stalled() == nil }
        #expect(loop.roundsTotal > rounds)
    }
}
