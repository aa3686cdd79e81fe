import Postgres
import ReplicationModel

/// What is done between collections, one statement at a time, and gives way to them.
extension TargetState {
    /// How long a collection waits for what is under way. Then that is given up, at the price of the connection: a disk or a network that
    /// hangs costs what was asked of it, not the collection. A slow way to the server is no reason: the collections tell how slow it is.
    var graceEnd: Instant? {
        guard let collection else { return nil }
        let quarter = limits.timeout / 4
        return collection.begin + min(.milliseconds(500), quarter) + min(latestDuration, quarter)
    }

    mutating func makeWay(at now: Instant) {
        guard let busy, busy.job.isOccasional, !busy.isAbandoned, let graceEnd, now >= graceEnd else { return }
        self.busy?.isAbandoned = true
        actions.append(.abandon)
    }

    /// A sample that takes longer than they did here meets a server, or a machine of ours, that has too much to do: the next one comes later, so
    /// that the samples of thousands of targets are not what keeps it busy. A long way to the server is no reason.
    mutating func sampled(in duration: Duration, at now: Instant) {
        let quickest = min(quickestSample ?? duration, duration)
        quickestSample = quickest
        guard let due = sampleDue, connection != nil else { return }
        sampleDue = max(due, now + (duration - quickest) * 4)
    }

    mutating func nextOccasionalJob(at now: Instant) -> (Job, until: Instant)? {
        if let sampleDue, now >= sampleDue {
            let next = sampleDue + limits.sampleInterval
            self.sampleDue = next > now ? next : now + limits.sampleInterval
            return (.sample, now + limits.timeout)
        }
        guard let listing = listings.next(at: now, onlyFailed: !isListingTime) else {
            isListingTime = false
            return nil
        }
        if let former {
            guard former.askedAfter.mayTry(at: now) else { return nil }
            return (.findFormer(pid: former.pid), now + limits.timeout)
        }
        // The server's own statement_timeout shall strike first: it costs one listing, ours would cost the connection.
        return (.list(listing), now + limits.timeout + .seconds(1))
    }

    /// When a listing is to be tried that failed.
    var nextListing: Instant? {
        let due = isListingTime ? listings.firstDue : listings.firstRetry
        guard let due, let wait = former?.askedAfter.notBefore else { return due }
        return max(due, wait)
    }

    mutating func listed(_ listing: Listing, _ ending: Ending, pid: Int32?, at now: Instant) {
        guard case .done = ending else {
            listings.failed(listing, at: now, jitter: chance.fraction())
            // Whether it was given up or timed out: the process may hang where no cancel request reaches it.
            if connection == nil, let pid { former = (pid, Backoff(first: .seconds(1), cap: limits.directoryInterval)) }
            return
        }
        listings.succeeded(listing, at: now)
        if listing == .directory(.walDirectory), !isSeeded {
            listings.add(.pastOfWAL, at: now)
            isListingTime = true
        }
        if listing == .pastOfWAL { isSeeded = true }
    }

    mutating func lookedForFormer(_ ending: Ending, at now: Instant) {
        switch ending {
        case .found(isThere: true): former?.askedAfter.failed(at: now, jitter: chance.fraction())
        case .failed where connection == nil: break
        default: former = nil
        }
    }
}
