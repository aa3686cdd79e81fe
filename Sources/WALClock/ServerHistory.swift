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
        noteEnd(of: snapshot, at: now, wallClock: wallClock)
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
        clock.record(end, at: now, timeline: nil, systemIdentifier: systemIdentifier)
        var worst: [WalsenderKey: (flushed: LSN?, replayed: LSN?)] = [:]
        for walsender in sample.walsenders {
            let other = worst[walsender.key]
            worst[walsender.key] = (
                [other?.flushed, walsender.flushed].compactMap(\.self).min(),
                [other?.replayed, walsender.replayed].compactMap(\.self).min()
            )
        }
        let ages = worst.mapValues { (flush: age($0.flushed, at: now), replay: age($0.replayed, at: now)) }
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
                walsenders[index].writeAge = walsenders[index].replayed == nil ? age(walsenders[index].written, at: now) : nil
                walsenders[index].flushAge = age(walsenders[index].flushed, at: now)
                walsenders[index].replayAge = age(walsenders[index].replayed, at: now)
                walsenders[index].unansweredSeconds = unanswered(walsenders[index], logical, at: now)
            }
            snapshot.walsenders = walsenders
        }
        let isLimited = snapshot.settings?.maxSlotWALKeepSizeBytes != nil
        let rate = isLimited ? Forecast.walRate(clock, at: now) : nil
        if var slots = snapshot.slots {
            snapshot.slots = nil
            for index in slots.indices { complete(&slots[index], rate: rate, isLimited: isLimited, at: now) }
            snapshot.slots = slots
        }
        snapshot.checkpoints?.cycleBytes = cycles.greatestBytes
        if snapshot.receiver?.isUp(settings: snapshot.settings) == true {
            let lag = age(snapshot.recovery?.replayed, at: now)
            snapshot.recovery?.replayLag = lag
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
        guard let age = clock.age(of: position, at: readAt), let latest = clock.latest else { return nil }
        return BehindPrimary(
            primary: primary,
            bytes: max(latest.position.lag(of: position), 0),
            seconds: age.seconds,
            isLowerBound: age.isLowerBound,
            unseenSeconds: max(readAt.seconds(since: latest.time), 0)
        )
    }

    private func complete(_ slot: inout Slot, rate: Double?, isLimited: Bool, at now: MonotonicTime) {
        if slot.inactiveSince == nil, !slot.isActive { slot.inactiveSince = inactiveSince[slot.name] }
        guard !slot.isInvalidated else { return }
        slot.retainedAge = age(slot.restart, at: now)
        slot.confirmedFlushAge = age(slot.confirmedFlush, at: now)
        if isLimited, let safe = slot.safeWALBytes { slot.timeToLost = Forecast.secondsUntilUsedUp(remaining: safe, rate: rate) }
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

    private func age(_ position: LSN?, at now: MonotonicTime) -> Double? {
        position.flatMap { clock.age(of: $0, at: now)?.seconds }
    }

    private mutating func forgetServer() {
        var fresh = ServerHistory()
        fresh.histograms = histograms
        fresh.histograms.forgetAll()
        fresh.slotMemory = slotMemory
        fresh.slotMemory.forgetAll()
        self = fresh
    }

    private mutating func noteEnd(of snapshot: ServerSnapshot, at now: MonotonicTime, wallClock: Double) {
        guard let end = snapshot.furthestKnownEnd else { return }
        hours.note(end, at: now, wallClock: wallClock)
        // An end below the latest takes history away. Where half of what makes the end was not answered, it may only seem to be below; that a
        // server was put back shows in its having been started anew.
        let isWhole = snapshot.knowsFurthestEnd || postmasterStart != snapshot.identity.postmasterStart
        if !isWhole, let latest = clock.latest, end < latest.position { return }
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
