import Synchronization
import Testing

@testable import Monitoring

struct ReloadQueueTests {
    /// Work that waits to be let go, and counts.
    private final class Work: Sendable {
        private let state = Mutex<(begun: Int, underWay: Int, most: Int)>((0, 0, 0))
        private let gate = AsyncStream<Void>.makeStream()

        var begun: Int { state.withLock(\.begun) }
        var mostAtOnce: Int { state.withLock(\.most) }

        func letGo() { gate.continuation.yield() }

        func run() async -> Int {
            let number = state.withLock { state in
                state.begun += 1
                state.underWay += 1
                state.most = max(state.most, state.underWay)
                return state.begun
            }
            for await _ in gate.stream { break }
            state.withLock { $0.underWay -= 1 }
            return number
        }
    }

    private func wait(_ isDone: () -> Bool) async {
        let end = ContinuousClock.now + .seconds(30)
        while !isDone(), .now < end { await Task.yield() }
    }

    @Test("Who asks while one is under way shares the next one, however many ask; one at a time")
    func shared() async {
        let work = Work()
        let queue = ReloadQueue { await work.run() }
        let heard = Mutex<[Int]>([])
        queue.request { number in heard.withLock { $0.append(number) } }
        await wait { work.begun == 1 }
        queue.request()
        for _ in 0..<5 { queue.request { number in heard.withLock { $0.append(number) } } }
        work.letGo()
        await wait { work.begun == 2 }
        #expect(heard.withLock(\.self) == [1])
        work.letGo()
        await wait { heard.withLock(\.count) == 6 }
        #expect(heard.withLock(\.self) == [1, 2, 2, 2, 2, 2])
        #expect(work.mostAtOnce == 1)
    }

    @Test("Asked without anybody to hear of it, it is done all the same, once more if asked again meanwhile, and then rests")
    func unheard() async {
        let work = Work()
        let queue = ReloadQueue { await work.run() }
        queue.request()
        await wait { work.begun == 1 }
        queue.request()
        queue.request()
        work.letGo()
        await wait { work.begun == 2 }
        work.letGo()
        for _ in 0..<1_000 { await Task.yield() }
        #expect(work.begun == 2)
        async let outcome = queue.outcome(within: .seconds(30))
        await wait { work.begun == 3 }
        work.letGo()
        #expect(await outcome == 3)
    }

    @Test("Who does not want to wait longer is told nothing, and it goes on")
    func impatient() async {
        let work = Work()
        let queue = ReloadQueue { await work.run() }
        #expect(await queue.outcome(within: .milliseconds(50)) == nil)
        #expect(work.begun == 1)
        work.letGo()
        async let outcome = queue.outcome(within: .seconds(30))
        await wait { work.begun == 2 }
        work.letGo()
        #expect(await outcome == 2)
    }
}
