#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The waits of one loop: a descriptor's readiness, a deadline, or both. Touched by the loop's thread alone.
///
/// Timers are apart from readiness: a wait without a descriptor costs the kernel nothing, and there is no limit to their number.
struct WaitTable {
    struct Wait: Sendable {
        let id: UInt64
        let interest: Interest
        let descriptor: Int32
        let deadline: ContinuousClock.Instant
        let continuation: CheckedContinuation<Wakeup, Never>
    }

    private struct Entry {
        let wait: Wait
        let number: UInt64
        /// The kernel could not watch the descriptor: the wait ends as if it were ready, so that it is tried again.
        let isBlind: Bool
    }

    /// How soon a descriptor that the kernel cannot watch is tried again.
    private static let blindness = Duration.milliseconds(10)

    private let readiness: ReadinessQueue
    private var waits: [UInt64: Entry] = [:]
    /// The wait of each descriptor that is watched.
    private var watched: [Int32: UInt64] = [:]
    private var deadlines = DeadlineHeap()
    private var lastNumber: UInt64 = 0

    init(_ readiness: ReadinessQueue) {
        self.readiness = readiness
    }

    var count: Int { waits.count }

    mutating func add(_ wait: Wait) {
        guard wait.deadline > .now else {
            wait.continuation.resume(returning: .deadlinePassed)
            return
        }
        var isBlind = false
        if wait.descriptor >= 0 {
            // Two waits for one descriptor: the kernel would tell the second alone.
            if let other = watched[wait.descriptor] {
                finish(other, .ready)
            }
            switch readiness.watch(wait.descriptor, for: wait.interest, token: wait.id) {
            case nil:
                watched[wait.descriptor] = wait.id
            case .notWatchable:
                wait.continuation.resume(returning: .ready)
                return
            case .noRoom:
                isBlind = true
            }
        }
        lastNumber += 1
        waits[wait.id] = Entry(wait: wait, number: lastNumber, isBlind: isBlind)
        let end = isBlind ? min(wait.deadline, .now + Self.blindness) : wait.deadline
        deadlines.add(DeadlineHeap.Entry(deadline: end, id: wait.id, number: lastNumber))
        if deadlines.count > 2 * waits.count + 64 {
            deadlines.filter { waits[$0.id]?.number == $0.number }
        }
    }

    mutating func finish(_ id: UInt64, _ wakeup: Wakeup) {
        guard let entry = waits.removeValue(forKey: id) else { return }
        if watched[entry.wait.descriptor] == id {
            watched[entry.wait.descriptor] = nil
            readiness.forget(entry.wait.descriptor)
        }
        entry.wait.continuation.resume(returning: wakeup)
    }

    /// Waits for events, unless `maySleep` is false; then ends the waits that are ready or out of time. What is ready is in time, however many
    /// there are: that this process had no processor, or the machine was suspended, is no fault of the servers that have answered meanwhile.
    mutating func turn(maySleep: Bool) {
        var patience = maySleep ? millisecondsToNextDeadline() : 0
        var isAll = false
        while !isAll {
            var ready: [UInt64] = []
            let outcome = readiness.wait(milliseconds: patience) { ready.append($0) }
            // Out of kernel memory, for all we know; the deadlines below must still be kept, without spinning.
            if outcome == nil { usleep(10_000) }
            for id in ready {
                // The watch has ended with its event.
                guard let entry = waits[id] else { continue }
                watched[entry.wait.descriptor] = nil
                finish(id, .ready)
            }
            patience = 0
            isAll = outcome ?? true
        }
        let now = ContinuousClock.now
        while let first = deadlines.first, first.deadline <= now {
            deadlines.removeFirst()
            guard let entry = waits[first.id], entry.number == first.number else { continue }
            finish(first.id, entry.isBlind && entry.wait.deadline > now ? .ready : .deadlinePassed)
        }
    }

    private mutating func millisecondsToNextDeadline() -> Int32 {
        while let first = deadlines.first, waits[first.id]?.number != first.number {
            deadlines.removeFirst()
        }
        guard let next = deadlines.first?.deadline else { return -1 }
        let left = next - .now
        guard left > .zero else { return 0 }
        // Rounded up: waking too early would only wait again. Capped because Int32 milliseconds end after 24 days.
        return Int32(min(left / .milliseconds(1), 1e9).rounded(.up))
    }
}
