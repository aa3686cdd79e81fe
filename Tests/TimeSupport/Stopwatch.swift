import Dispatch
import Synchronization

/// Tells how long something took, without what a busy machine took from it. Tests run side by side in one pool of threads, and other
/// processes share the processors: then even what takes no time is late by seconds. A task that sleeps again and again measures how late
/// it is woken in the same pool, and `elapsed` leaves that out. On an idle machine a limit is as strict as it reads.
package final class Stopwatch: Sendable {
    private struct Lateness {
        var total: Duration = .zero
        /// When the sleep that goes on should end.
        var due: ContinuousClock.Instant
    }

    /// What a timer may be late by without anything being wrong.
    private static let grain: Duration = .milliseconds(5)
    private static let interval: Duration = .milliseconds(10)

    private let start: ContinuousClock.Instant
    private let lateness: Mutex<Lateness>

    package init() {
        start = .now
        lateness = Mutex(Lateness(due: start))
        measure()
    }

    /// At the priority of the test: what is more urgent would be woken before it, and find nothing late.
    private func measure() {
        Task.detached(priority: Task.currentPriority) { [weak self] in
            // The first turn counts, too: a task that is made has to wait for a thread like one that is woken.
            while let due = self?.note() { try await Task.sleep(until: due, clock: .continuous) }
        }
    }

    /// Adds what it is late by now, and returns when the next sleep has to end.
    private func note() -> ContinuousClock.Instant {
        lateness.withLock { lateness in
            let now = ContinuousClock.now
            lateness.total += max(.zero, now - lateness.due - Self.grain)
            lateness.due = now + Self.interval
            return lateness.due
        }
    }

    /// How late the pool's tasks were in all, also one that should run by now and does not yet.
    package var late: Duration {
        lateness.withLock { $0.total + max(.zero, ContinuousClock.now - $0.due - Self.grain) }
    }

    /// The time since it was made, less what the machine was late by.
    package var elapsed: Duration { ContinuousClock.now - start - late }
}
