import NIOCore
import NIOPosix
import Synchronization
import Testing
import TimeSupport

@testable import WebServer

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Readings that may hang.
struct FreshValueTests {
    /// A reading that counts, and hangs when it is told to.
    private final class Source: Sendable {
        private let state = Mutex((count: 0, isHanging: false))

        func hang(_ isHanging: Bool) { state.withLock { $0.isHanging = isHanging } }

        func read() -> Int {
            let count = state.withLock { state in
                state.count += 1
                return state.count
            }
            while state.withLock({ $0.isHanging }) { usleep(1000) }
            return count
        }
    }

    @Test("Whoever asks gets what was read after he asked; when that hangs, what was read last, and everybody after him at once")
    func fresh() async throws {
        let thread = NIOThreadPool(numberOfThreads: 1)
        thread.start()
        let source = Source()
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        let value = FreshValue(0, on: thread, patience: .seconds(1)) { source.read() }
        #expect(try await value.value(on: loop).get() == 1)
        #expect(try await value.value(on: loop).get() == 2)
        source.hang(true)
        let start = ContinuousClock.now
        #expect(try await value.value(on: loop).get() == 2)
        #expect(ContinuousClock.now - start >= .milliseconds(900))
        let later = Stopwatch()
        for _ in 0..<100 { #expect(try await value.value(on: loop).get() == 2) }
        // If each waited, it would be a hundred seconds.
        #expect(later.elapsed < .seconds(20))
        source.hang(false)
        var last = 2
        let end = ContinuousClock.now + .seconds(10)
        while last <= 3, ContinuousClock.now < end { last = try await value.value(on: loop).get() }
        #expect(last > 3)
        try await thread.shutdownGracefully()
    }

    @Test("A reading that had begun before is not taken for one of now")
    func notBefore() async throws {
        let thread = NIOThreadPool(numberOfThreads: 1)
        thread.start()
        let source = Source()
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        let value = FreshValue(0, on: thread, patience: .seconds(600)) { source.read() }
        source.hang(true)
        let first = value.value(on: loop)
        let second = value.value(on: loop)
        try await Task.sleep(for: .milliseconds(50))
        let third = value.value(on: loop)
        source.hang(false)
        #expect(try await first.get() == 1)
        #expect(try await third.get() > 1)
        #expect(try await second.get() >= 1)
        try await thread.shutdownGracefully()
    }
}
