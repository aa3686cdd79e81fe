#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The waits of one loop, kept ready for poll(2). Touched by the loop's thread alone.
struct WaitTable {
    struct Wait: Sendable {
        let id: UInt64
        let interest: Interest
        let descriptor: Int32
        let deadline: ContinuousClock.Instant
        let continuation: CheckedContinuation<Wakeup, Never>
    }

    /// The wake pipe's entry, then one entry for each wait, in the order of `waits`.
    private var entries: [pollfd]
    private var waits: [Wait] = []
    private var indices: [UInt64: Int] = [:]

    init(wakeDescriptor: Int32) {
        entries = [pollfd(fd: wakeDescriptor, events: Int16(POLLIN), revents: 0)]
    }

    var count: Int { waits.count }

    mutating func add(_ wait: Wait) {
        guard wait.deadline > .now else {
            wait.continuation.resume(returning: .deadlinePassed)
            return
        }
        indices[wait.id] = waits.count
        waits.append(wait)
        entries.append(pollfd(fd: wait.descriptor, events: wait.interest.rawValue, revents: 0))
    }

    mutating func finish(_ id: UInt64, _ wakeup: Wakeup) {
        if let index = indices[id] {
            end(at: index, wakeup)
        }
    }

    /// Waits for events, unless `maySleep` is false; then ends the waits that are ready or out of time. True when the wake pipe was written to.
    mutating func poll(maySleep: Bool) -> Bool {
        let timeout = maySleep ? millisecondsToNextDeadline() : 0
        let ready = systemPoll(&entries, nfds_t(entries.count), timeout)
        if ready < 0, errno != EINTR {
            // Out of kernel memory, for all we know; the deadlines below must still be kept, without spinning.
            _ = systemPoll(nil, 0, 10)
        }
        let isWoken = ready > 0 && entries[0].revents != 0
        let now = ContinuousClock.now
        // From the end, because an ended wait is replaced by the last one.
        for index in waits.indices.reversed() {
            if ready > 0, entries[index + 1].revents != 0 {
                end(at: index, .ready)
            } else if waits[index].deadline <= now {
                end(at: index, .deadlinePassed)
            }
        }
        return isWoken
    }

    private func millisecondsToNextDeadline() -> Int32 {
        guard let next = waits.lazy.map(\.deadline).min() else { return -1 }
        let left = next - .now
        guard left > .zero else { return 0 }
        // Rounded up: waking too early would only poll again. Capped because Int32 milliseconds end after 24 days.
        return Int32(min(left / .milliseconds(1), 1e9).rounded(.up))
    }

    private mutating func end(at index: Int, _ wakeup: Wakeup) {
        let ended = waits[index]
        let last = waits.count - 1
        if index != last {
            waits[index] = waits[last]
            entries[index + 1] = entries[last + 1]
            indices[waits[index].id] = index
        }
        waits.removeLast()
        entries.removeLast()
        indices[ended.id] = nil
        ended.continuation.resume(returning: wakeup)
    }
}

// `poll` alone would be looked up as the method above.
private func systemPoll(_ entries: UnsafeMutablePointer<pollfd>?, _ count: nfds_t, _ timeout: Int32) -> Int32 {
    poll(entries, count, timeout)
}
