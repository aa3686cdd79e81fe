package import ReplicationModel

/// What the exporter remembers of a server between collections, and what follows from it: ages, forecasts, since when.
///
/// Pure: time comes in from outside. What a collection does not know, because a collector failed in it, changes nothing of what is remembered.
package struct ServerHistory: Sendable {
    var clock = WALClock()
    var filesystemGrowth = GrowthTracker()
    var histograms = NamedMemory<WalsenderKey, AgeHistograms>()
    /// Of the slots that the last answer held, so never more than there are slots.
    var inactiveSince: [String: Double] = [:]
    private var replies = ReplyWatch()
    /// How fast it wrote WAL, hour by hour.
    package internal(set) var hours = WALHours()
    var cycles = CheckpointCycles()
    var link = UpstreamLink()
    var isSeededByCheckpoint = false
    var commits = CommitClock()
    var slotMemory = SlotMemory()
    var systemIdentifier: String?
    /// Of the server as it was when its end of WAL was last recorded.
    var postmasterStart: Double?

    package init() {}

    /// Notes where the WAL ends according to a new snapshot, then completes the snapshot.
    /// - Parameters:
    ///   - now: when the snapshot's positions were read.
    ///   - wallClock: Unix time of the same moment.
    package mutating func note(_ snapshot: inout ServerSnapshot, at now: MonotonicTime, wallClock: Double) {
        if systemIdentifier != snapshot.identity.systemKey {
            forgetServer()
            systemIdentifier = snapshot.identity.systemKey
        }
        if let session = snapshot.receiver?.session { snapshot.receiver?.session?.lastMessageAge = link.messageAge(session, at: now) }
        if let end = snapshot.furthestKnownEnd { hours.note(end, at: now, wallClock: wallClock) }
        noteEnd(of: snapshot, at: now)
        noteCommits(of: snapshot, at: now)
        seedByCheckpoint(of: snapshot, at: now, wallClock: wallClock)
        if let slots = snapshot.slots {
            noteInactive(slots, wallClock: wallClock)
            slotMemory.note(slots, at: now, wallClock: wallClock)
        }
        if let walsenders = snapshot.walsenders { replies.note(walsenders, at: now) }
        cycles.note(snapshot)
        complete(&snapshot, at: now)
    }

    /// Notes slots that were seen lost between two snapshots.
    /// - Parameter wallClock: Unix time of that moment.
    package mutating func noteLost(_ slots: [String], wallClock: Double) {
        slotMemory.noteLost(slots, wallClock: wallClock)
    }

    /// Notes a sample between two snapshots: one observation for each walsender.
    package mutating func note(_ sample: WALSample, at now: MonotonicTime) {
        guard let end = sample.end, let systemIdentifier else { return }
        if sample.isStandby {
            noteStandby(end, sample.upstream, at: now)
        } else {
            clock.record(end, at: now, timeline: nil, systemIdentifier: systemIdentifier)
            noteCommits(sample.endedTransactions, sample.inserted, at: now)
        }
        var worst: [WalsenderKey: (flushed: LSN?, replayed: LSN?)] = [:]
        for walsender in sample.walsenders {
            let other = worst[walsender.key]
            worst[walsender.key] = (
                [other?.flushed, walsender.flushed].compactMap(\.self).min(),
                [other?.replayed, walsender.replayed].compactMap(\.self).min()
            )
        }
        let ages = worst.mapValues { (flush: age($0.flushed, at: now)?.seconds, replay: age($0.replayed, at: now)?.seconds) }
        histograms.see(ages.filter { $0.value.flush != nil || $0.value.replay != nil }, at: now, initial: AgeHistograms()) { memory, ages in
            if let age = ages.flush { memory.flush.observe(age) }
            if let age = ages.replay { memory.replay.observe(age) }
        }
    }

    /// Notes when the segments in pg_wal were finished, in seconds before `now`.
    package mutating func seed(_ segments: [(position: LSN, age: Double)], at now: MonotonicTime) {
        guard let systemIdentifier else { return }
        clock.seed(segments.map { ($0.position, MonotonicTime(now.seconds - $0.age)) }, systemIdentifier: systemIdentifier)
    }

    /// Notes how full the filesystem of pg_wal is.
    package mutating func note(_ filesystem: WALFilesystem, at now: MonotonicTime) {
        filesystemGrowth.record(used: filesystem.sizeBytes -| filesystem.availableBytes, at: now)
    }

    /// Fills in what follows from the history: ages, forecasts, since when.
    package func complete(_ snapshot: inout ServerSnapshot, at now: MonotonicTime) {
        // Taken out, so that they are changed where they are: there may be thousands.
        if var walsenders = snapshot.walsenders {
            snapshot.walsenders = nil
            let logical = snapshot.slots.map { slots in Set(slots.lazy.filter { $0.type == .logical }.map(\.name)) }
            for index in walsenders.indices {
                walsenders[index].writeAge = walsenders[index].replayed == nil ? ageAsSeen(walsenders[index].written, at: now)?.seconds : nil
                let (flush, replay) = (ageAsSeen(walsenders[index].flushed, at: now), ageAsSeen(walsenders[index].replayed, at: now))
                walsenders[index].flushAge = flush?.seconds
                walsenders[index].replayAge = replay?.seconds
                walsenders[index].commitAge = snapshot.role == .primary ? commitAge(walsenders[index].replayed, walAge: replay, at: now) : nil
                walsenders[index].ageIsLowerBound = [flush, replay].contains { $0?.isLowerBound == true }
                walsenders[index].unansweredSeconds = unanswered(walsenders[index], logical, at: now)
            }
            snapshot.walsenders = walsenders
        }
        let isLimited = snapshot.settings?.maxSlotWALKeepSizeBytes != nil
        let pace = isLimited ? WALPace(clock, at: now) : nil
        if var slots = snapshot.slots {
            snapshot.slots = nil
            for index in slots.indices { complete(&slots[index], pace: pace, at: now) }
            snapshot.slots = slots
        }
        snapshot.checkpoints?.cycleBytes = cycles.greatestBytes
        if snapshot.receiver?.isUp(settings: snapshot.settings) == true {
            completeReplayLag(&snapshot, at: now)
        }
        if let filesystem = snapshot.walFilesystem {
            snapshot.walFilesystem?.timeToFull = Forecast.secondsUntilUsedUp(
                remaining: filesystem.availableBytes,
                rate: filesystemGrowth.rate(at: now)
            )
        }
        snapshot.flushAgeSamples = histograms.values.mapValues(\.flush.snapshot).filter { $0.value.count > 0 }
        snapshot.replayAgeSamples = histograms.values.mapValues(\.replay.snapshot).filter { $0.value.count > 0 }
        snapshot.evictions[.walsender] = histograms.evictions
        snapshot.slotRecords = slotMemory.records
        snapshot.evictions[.slot] = slotMemory.evictions
    }

    /// How far a position of the same history is behind the end, which both were read at about the same time; nil while no end is known.
    /// - Parameters:
    ///   - primary: the name that the answer gets.
    ///   - readAt: when the position was read.
    package func distance(of position: LSN, readAt: MonotonicTime, as primary: String) -> BehindPrimary? {
        guard let age = clock.ageAsSeen(of: position, at: readAt), let latest = clock.latest else { return nil }
        return BehindPrimary(
            primary: primary,
            bytes: max(latest.position.lag(of: position), 0),
            seconds: age.seconds,
            isLowerBound: age.isLowerBound,
            unseenSeconds: max(readAt.seconds(since: latest.time), 0),
            commitSeconds: commitAge(position, walAge: age, at: readAt)
        )
    }

    private func complete(_ slot: inout Slot, pace: WALPace?, at now: MonotonicTime) {
        if slot.inactiveSince == nil, !slot.isActive { slot.inactiveSince = inactiveSince[slot.name] }
        guard !slot.isInvalidated else { return }
        let (retained, confirmed) = (age(slot.restart, at: now), age(slot.confirmedFlush, at: now))
        slot.retainedAge = retained?.seconds
        slot.confirmedFlushAge = confirmed?.seconds
        slot.ageIsLowerBound = [retained, confirmed].contains { $0?.isLowerBound == true }
        if let pace, let safe = slot.safeWALBytes {
            slot.timeToLost = Forecast.secondsUntilUsedUp(remaining: safe, rate: pace.rate(toWrite: safe))
        }
    }

    /// What applies changes may be busy for long before it replies, and pg_receivewal replies when its interval is over: only of a standby does silence say
    /// that something is wrong.
    private func unanswered(_ walsender: Walsender, _ logical: Set<String>?, at now: MonotonicTime) -> Double? {
        guard [.streaming, .catchup].contains(walsender.state), walsender.replayed != nil, let flushAge = walsender.flushAge,
            let logical, walsender.slotName.map({ !logical.contains($0) }) ?? true,
            let silence = replies.silence(of: walsender, at: now), let waiting = walsender.lagBytes(\.flushed)
        else { return nil }
        return waiting > 0 ? min(silence, flushAge) : 0
    }

    private func age(_ position: LSN?, at now: MonotonicTime) -> WALClock.Age? {
        position.flatMap { clock.age(of: $0, at: now) }
    }

    private func ageAsSeen(_ position: LSN?, at now: MonotonicTime) -> WALClock.Age? {
        position.flatMap { clock.ageAsSeen(of: $0, at: now) }
    }

    private mutating func forgetServer() {
        var fresh = ServerHistory()
        fresh.histograms = histograms
        fresh.histograms.forgetAll()
        fresh.slotMemory = slotMemory
        fresh.slotMemory.forgetAll()
        self = fresh
    }

    /// Before 17 the server does not say since when a slot is inactive: at least since it was first seen so.
    private mutating func noteInactive(_ slots: [Slot], wallClock: Double) {
        var now: [String: Double] = [:]
        for slot in slots where !slot.isActive { now[slot.name] = inactiveSince[slot.name] ?? wallClock }
        inactiveSince = now
    }
}

/// How old what a walsender's client had flushed, and had replayed, was found to be.
struct AgeHistograms: Sendable, Hashable, Codable {
    var flush = SampledHistogram()
    var replay = SampledHistogram()
}
