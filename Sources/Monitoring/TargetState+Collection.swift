import Postgres
import ReplicationModel

/// Callers, and the collection that they share.
extension TargetState {
    mutating func asked(_ caller: Caller, at now: Instant) {
        guard !isStopped else { return actions.append(.answer(caller.id, Self.stopped)) }
        // Tried again in the background: nobody waits for a server that is down.
        if let downReason, connection == nil { return actions.append(.answer(caller.id, .down(reason: downReason, after: .zero))) }
        if downReason == nil, !isMoved, let latestAt, caller.maximumAge > .zero, now - latestAt <= caller.maximumAge {
            return actions.append(.answer(caller.id, .collected))
        }
        var caller = caller
        if let hurryUntil { caller.deadline = min(caller.deadline, max(hurryUntil, now)) }
        callers.append(caller)
        if collection == nil, heldUntil == nil { wantCollection(at: now) }
    }

    mutating func wantCollection(at now: Instant) {
        collection = Collection(begin: now, end: now + limits.timeout, mayConnectAgain: connection != nil)
    }

    /// The next step of the collection under way.
    mutating func nextStep() -> (Job, until: Instant)? {
        guard let collection else { return nil }
        if collection.mustReconnect {
            self.collection?.mustReconnect = false
            return (.reconnect, collection.end)
        }
        return (connection == nil ? .connect : .collect, collection.end)
    }

    mutating func connecting(ended ending: Ending, at now: Instant) {
        switch ending {
        case .connected(let pid, let waited):
            collection?.begin += waited
            collection?.end += waited
            connection = Connection(pid: pid)
            quickestSample = nil
            backoff.succeeded()
            retryAt = nil
            collection?.mayConnectAgain = false
            // Many targets shall not be asked all at the same moment.
            if limits.sampleInterval > .zero, sampleDue == nil { sampleDue = now + limits.sampleInterval * chance.fraction() }
        case .failed(let reason, _): fail(reason, at: now)
        case .collected, .changed, .done, .found: break
        }
    }

    mutating func collecting(ended ending: Ending, at now: Instant) {
        switch ending {
        case .collected(let collected):
            if let role = limits.expectedRole, collected.role != role, collection?.mayConnectAgain == true {
                // A proxy keeps a connection with the server that it led to before: where the address leads now, a new one tells.
                collection?.mayConnectAgain = false
                collection?.mustReconnect = true
            } else {
                succeed(collected, at: now)
            }
        case .changed:
            collection?.changes += 1
            if collection?.changes ?? 0 >= 3 { fail("the server's role or configuration changes faster than it can be read", at: now) }
        case .failed(let reason, let isLost):
            if isLost, connection == nil, collection?.mayConnectAgain == true {
                // A server that was restarted since the last collection: a new connection may well do.
                collection?.mayConnectAgain = false
            } else {
                fail(reason, at: now)
            }
        case .connected, .done, .found: break
        }
    }

    private mutating func succeed(_ collected: Collected, at now: Instant) {
        let isFirst = latestAt == nil
        if let collection {
            latestAt = collection.begin
            latestDuration = now - collection.begin
        }
        collection = nil
        downReason = nil
        isMoved = false
        hurryUntil = nil
        if server != collected {
            if server?.identity != collected.identity { isSeeded = false }
            listings.begin(collected.listings, at: now)
            server = collected
        }
        isListingTime = true
        if !isLooking, lookDue.map({ now >= $0 }) ?? true {
            isLooking = true
            lookDue = now + limits.directoryInterval
            actions.append(.look)
        }
        if isFirst {
            heldUntil = now + limits.firstPage
        } else {
            answerAll(.collected)
        }
    }

    /// The server failed, whether or not anybody waits for it.
    private mutating func fail(_ reason: String, at now: Instant) {
        let duration = collection.map { now - $0.begin } ?? .zero
        collection = nil
        // Also one that is open is of no use: which server is behind it has to be read again.
        connection = nil
        isMoved = false
        hurryUntil = nil
        downReason = reason
        retryAt = now + backoff.failed(at: now, jitter: chance.fraction())
        actions.append(.tellDown(reason))
        answerAll(.down(reason: reason, after: duration))
    }

    private mutating func answerAll(_ answer: Answer) {
        for caller in callers { actions.append(.answer(caller.id, answer)) }
        callers = []
    }

    /// Who has waited long enough hears what is known; what he waited for goes on for the others.
    mutating func dismissCallers(at now: Instant) {
        guard callers.contains(where: { now >= $0.deadline }) else { return }
        for caller in callers where now >= caller.deadline { actions.append(.answer(caller.id, lastWord(to: caller, at: now))) }
        callers.removeAll { now >= $0.deadline }
    }

    private func lastWord(to caller: Caller, at now: Instant) -> Answer {
        if heldUntil != nil { return .collected }
        if let downReason { return .down(reason: downReason, after: .zero) }
        if let latestAt, !isMoved, now - latestAt <= caller.tolerance { return .known }
        return .unanswered(reason: "no answer within \(WholeMilliseconds(caller.deadline - caller.begin))")
    }

    /// The first page goes out with the listings, or without them when they take too long.
    mutating func releaseFirstPage(at now: Instant) {
        guard let heldUntil else { return }
        let isComplete = connection == nil || (!isListingTime && busy == nil && !isLooking)
        guard isComplete || now >= heldUntil else { return }
        self.heldUntil = nil
        answerAll(.collected)
    }
}
