import Postgres
import ReplicationModel

/// Other settings, while the target goes on being watched.
extension TargetState {
    /// - Parameters:
    ///   - isMoved: the session is another one, and the former one is being closed.
    ///   - mustLook: the filesystem is to be looked at again soon.
    mutating func changed(_ new: Limits, isMoved: Bool, mustLook: Bool, at now: Instant) {
        guard !isStopped else { return }
        let former = limits
        limits = new
        if new.directoryInterval != former.directoryInterval {
            listings.change(interval: new.directoryInterval, at: now)
            lookDue = lookDue.map { min($0, now + new.directoryInterval) }
        }
        if mustLook { lookDue = nil }
        if new.sampleInterval != former.sampleInterval, connection != nil {
            sampleDue = new.sampleInterval > .zero ? now + new.sampleInterval * chance.fraction() : nil
        }
        if isMoved { move(at: now) }
    }

    /// What was going on concerned the former connection. What is remembered stays, as for a reconnect; a collection follows at once, also when
    /// nobody asks, and nobody waits long for it: the others on the page have done nothing.
    private mutating func move(at now: Instant) {
        isMoved = true
        connection = nil
        downReason = nil
        retryAt = nil
        backoff = Backoff()
        former = nil
        sampleDue = nil
        heldUntil = nil
        if busy != nil, busy?.isAbandoned == false { actions.append(.abandon) }
        busy?.isAbandoned = true
        busy?.isObsolete = true
        collection = Collection(begin: now, end: now + limits.timeout, mayConnectAgain: false)
        hurryUntil = now + limits.newcomer
        for index in callers.indices { callers[index].deadline = min(callers[index].deadline, now + limits.newcomer) }
    }
}
