/// When a target that is down may be tried again: a pure value; time and chance come in from outside.
package struct Backoff: Hashable, Sendable {
    /// The delay after the first failure.
    package let first: Duration
    /// The longest delay.
    package let cap: Duration
    /// How many attempts have failed in a row.
    package private(set) var failures = 0
    /// The instant before which no attempt should be made; nil when one may be made at once.
    package private(set) var notBefore: ContinuousClock.Instant?

    /// Delays that double from `first` up to `cap`.
    package init(first: Duration = .milliseconds(250), cap: Duration = .seconds(10)) {
        self.first = first
        self.cap = cap
    }

    /// Whether an attempt may be made.
    package func mayTry(at now: ContinuousClock.Instant) -> Bool {
        notBefore.map { now >= $0 } ?? true
    }

    /// Notes a failure and returns the delay until the next attempt: between half of the nominal delay and all of it, so that many targets
    /// that failed together do not come back together. `jitter` is a random number in 0...1.
    @discardableResult
    package mutating func failed(at now: ContinuousClock.Instant, jitter: Double) -> Duration {
        var nominal = min(first, cap)
        for _ in 0..<min(failures, 62) where nominal < cap {
            nominal = min(nominal * 2, cap)
        }
        failures += 1
        let delay = nominal * (0.5 + 0.5 * min(max(jitter, 0), 1))
        notBefore = now + delay
        return delay
    }

    /// Forgets the failures.
    package mutating func succeeded() {
        failures = 0
        notBefore = nil
    }
}
