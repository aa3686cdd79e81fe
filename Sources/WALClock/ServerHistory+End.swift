import ReplicationModel

/// Where the WAL ends: of a primary what it has written, of a standby what it has heard of.
extension ServerHistory {
    mutating func noteEnd(of snapshot: ServerSnapshot, at now: MonotonicTime) {
        guard let end = snapshot.furthestKnownEnd else { return }
        // An end below the latest takes history away. Where half of what makes the end was not answered, it may only seem to be below; that a
        // server was put back shows in its having been started anew, and on a standby that receives in what its upstream says.
        let isReceiving = snapshot.receiver?.isUp(settings: snapshot.settings)
        let isAnew = postmasterStart != snapshot.identity.postmasterStart && isReceiving != false
        if !(snapshot.knowsFurthestEnd || isAnew), let latest = clock.latest, end < latest.position { return }
        if isReceiving == false {
            link.notReceiving()
            guard mayRecordUnheard(end) else { return }
        } else if isReceiving == true, let session = snapshot.receiver?.session {
            // What a walsender says first may be where it begins, not where its WAL ends: the standby may have received more long before.
            if session.age.map({ $0 < Self.introduction }) == true, let latest = clock.latest, session.upstreamEnd ?? end < latest.position { return }
            hear(end, messageAge: session.lastMessageAge, sessionAge: session.age, at: now)
        }
        postmasterStart = snapshot.identity.postmasterStart
        // Only a primary knows its timeline at once, and where it forked.
        let isPrimary = snapshot.role == .primary
        clock.record(
            end,
            at: now,
            timeline: isPrimary ? snapshot.timeline : nil,
            fork: isPrimary ? snapshot.primaryWAL?.lastReplayed : nil,
            systemIdentifier: snapshot.identity.systemKey
        )
    }

    /// For so many seconds a new walreceiver may not have been told the end yet.
    private static let introduction = 10.0

    /// A standby that receives nothing does not know where its upstream's WAL ends: only what it has beyond the latest known end says something. After a
    /// restart it begins below that, and replays its own pg_wal first.
    private func mayRecordUnheard(_ end: LSN) -> Bool {
        clock.latest.map { end > $0.position } ?? true
    }

    private mutating func hear(_ end: LSN, messageAge: Double?, sessionAge: Double?, at now: MonotonicTime) {
        guard let since = link.receiving(messageAge: messageAge, sessionAge: sessionAge, at: now) else { return }
        if let latest = clock.latest, end > latest.position { clock.forgetPlateau(after: since) }
    }

    mutating func noteStandby(_ end: LSN, _ upstream: WALSample.Upstream?, at now: MonotonicTime) {
        guard let systemIdentifier, let latest = clock.latest, end >= latest.position else { return }
        if let upstream {
            var session = Receiver.Session(status: .streaming)
            session.lastMessage = upstream.lastMessage
            session.lastMessageAge = upstream.messageAge
            hear(end, messageAge: link.messageAge(session, at: now), sessionAge: upstream.sessionAge, at: now)
        } else {
            guard mayRecordUnheard(end) else { return }
        }
        clock.record(end, at: now, timeline: nil, systemIdentifier: systemIdentifier)
    }

    /// The last checkpoint tells where the WAL ended then: of a server whose pg_wal has no finished segment it is all that is known of the past. On a standby
    /// its time is by the primary's clock.
    mutating func seedByCheckpoint(of snapshot: ServerSnapshot, at now: MonotonicTime, wallClock: Double) {
        guard !isSeededByCheckpoint, snapshot.role == .primary, clock.latest != nil, let redo = snapshot.checkpoints?.redo,
            let time = snapshot.checkpoints?.lastCheckpoint, let offset = snapshot.clockOffset
        else { return }
        isSeededByCheckpoint = true
        let age = wallClock + offset - time
        guard age >= 0 else { return }
        seed([(redo, age)], at: now)
    }

    /// Where it is not seen when the upstream's end passed what is replayed, because the standby was cut off, or we have just begun, the last replayed commit
    /// tells: it was made on the primary before that, and where there are many, just before.
    func completeReplayLag(_ snapshot: inout ServerSnapshot, at now: MonotonicTime) {
        guard let replayed = snapshot.recovery?.replayed, let age = clock.age(of: replayed, at: now) else { return }
        snapshot.recovery?.replayLag = age.seconds
        snapshot.recovery?.replayLagIsLowerBound = age.isLowerBound
        guard let bounds = bounds(ofAgeOf: replayed, at: now), bounds.most.map({ $0 - bounds.least > Self.sureWithin }) ?? true,
            let commit = snapshot.lastReplayedCommitAge
        else { return }
        snapshot.recovery?.replayLag = max(min(commit, bounds.most ?? commit), bounds.least)
        snapshot.recovery?.replayLagIsLowerBound = commit < bounds.least && bounds.most == nil
    }

    /// A sample of when nothing was heard tells that the end had passed a position by then, and not that it had not long before.
    private func bounds(ofAgeOf position: LSN, at now: MonotonicTime) -> (least: Double, most: Double?)? {
        guard var bounds = clock.bounds(ofAgeOf: position, at: now) else { return nil }
        if let most = bounds.most, let gap = link.gap {
            let before = now.seconds - most
            if before > gap.heard.seconds, before < gap.again.seconds { bounds.most = now.seconds(since: gap.heard) }
        }
        return bounds
    }

    /// Two samples that are no further apart tell when a position was passed, in seconds.
    private static let sureWithin = 2.0
}
