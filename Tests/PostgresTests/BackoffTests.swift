import Testing

@testable import Postgres

@Suite("Backoff")
struct BackoffTests {
    private let start = ContinuousClock.now

    @Test("Delays double from a quarter of a second up to ten")
    func doubles() {
        var backoff = Backoff()
        let delays = (0..<8).map { _ in backoff.failed(at: start, jitter: 1) }
        #expect(delays == [.milliseconds(250), .milliseconds(500), .seconds(1), .seconds(2), .seconds(4), .seconds(8), .seconds(10), .seconds(10)])
        #expect(backoff.failures == 8)
    }

    @Test("Jitter takes away up to half of a delay")
    func jitters() {
        var backoff = Backoff(first: .seconds(2))
        #expect(backoff.failed(at: start, jitter: 0) == .seconds(1))
        #expect(backoff.failed(at: start, jitter: 0.5) == .seconds(3))
    }

    @Test("No attempt is due before the delay has passed")
    func waits() {
        var backoff = Backoff(first: .seconds(2))
        #expect(backoff.mayTry(at: start))
        backoff.failed(at: start, jitter: 1)
        #expect(!backoff.mayTry(at: start + .milliseconds(1999)))
        #expect(backoff.mayTry(at: start + .seconds(2)))
    }

    @Test("Success forgets the failures")
    func resets() {
        var backoff = Backoff()
        backoff.failed(at: start, jitter: 1)
        backoff.succeeded()
        #expect(backoff == Backoff())
        #expect(backoff.failed(at: start, jitter: 1) == .milliseconds(250))
    }

    @Test("Years of failures do not overflow")
    func survivesManyFailures() {
        var backoff = Backoff(cap: .seconds(1_000_000_000))
        for _ in 0..<1000 { backoff.failed(at: start, jitter: 1) }
        #expect(backoff.failed(at: start, jitter: 1) <= .seconds(1_000_000_001))
    }
}
