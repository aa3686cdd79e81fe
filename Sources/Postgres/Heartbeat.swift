import Synchronization

/// Where a loop's thread is, for other threads to see: at rest, or since when in a round of jobs.
final class Heartbeat: Sendable {
    private static let resting: Int64 = -1

    private let start = ContinuousClock.now
    /// Nanoseconds from `start` to the beginning of the present round.
    private let roundSince = Atomic<Int64>(Heartbeat.resting)
    private let roundsBegun = Atomic<UInt64>(0)

    var rounds: UInt64 { roundsBegun.load(ordering: .relaxed) }

    func beat() {
        roundsBegun.add(1, ordering: .relaxed)
        let (seconds, attoseconds) = (ContinuousClock.now - start).components
        roundSince.store(seconds * 1_000_000_000 + attoseconds / 1_000_000_000, ordering: .relaxed)
    }

    func rest() {
        roundSince.store(Self.resting, ordering: .relaxed)
    }

    func stalled(at now: ContinuousClock.Instant) -> Duration? {
        let since = roundSince.load(ordering: .relaxed)
        return since == Self.resting ? nil : max(now - (start + .nanoseconds(since)), .zero)
    }
}
