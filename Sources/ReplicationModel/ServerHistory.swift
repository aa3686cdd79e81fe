/// What the exporter remembers of a server between collections, and what follows from it: ages, forecasts, since when.
///
/// Pure: time comes in from outside.
package struct ServerHistory: Sendable {
    private var clock = WALClock()
    private var filesystemGrowth = GrowthTracker()
    private var histograms: [WalsenderKey: SampledHistogram] = [:]
    private var inactiveSince: [String: Double] = [:]
    private var systemIdentifier: String?

    /// More walsenders than this come from a client that makes up names; the oldest series must not be lost to them.
    private static let histogramLimit = 1000

    package init() {}

    /// Notes where the WAL ends according to a new snapshot, then completes the snapshot.
    /// - Parameters:
    ///   - now: when the snapshot's positions were read.
    ///   - wallClock: Unix time of the same moment.
    package mutating func note(_ snapshot: inout ServerSnapshot, at now: MonotonicTime, wallClock: Double) {
        if systemIdentifier != snapshot.identity.systemIdentifier {
            self = ServerHistory()
            systemIdentifier = snapshot.identity.systemIdentifier
        }
        if let end = snapshot.furthestKnownEnd {
            // Only a primary knows its timeline at once, and where it forked.
            let isPrimary = snapshot.role == .primary
            clock.record(
                end,
                at: now,
                timeline: isPrimary ? snapshot.timeline : nil,
                fork: isPrimary ? snapshot.primaryWAL?.lastReplayed : nil,
                systemIdentifier: snapshot.identity.systemIdentifier
            )
        }
        noteInactiveSlots(snapshot.slots ?? [], wallClock: wallClock)
        complete(&snapshot, at: now)
    }

    /// Notes a sample between two snapshots: one observation for each walsender.
    package mutating func note(_ sample: WALSample, at now: MonotonicTime) {
        guard let end = sample.end, let systemIdentifier else { return }
        clock.record(end, at: now, timeline: nil, systemIdentifier: systemIdentifier)
        var worst: [WalsenderKey: LSN] = [:]
        for walsender in sample.walsenders {
            worst[walsender.key] = min(worst[walsender.key] ?? walsender.replayed, walsender.replayed)
        }
        for (key, replayed) in worst where histograms[key] != nil || histograms.count < Self.histogramLimit {
            guard let age = clock.age(of: replayed, at: now) else { continue }
            histograms[key, default: SampledHistogram()].observe(age.seconds)
        }
    }

    /// Notes when the segments in pg_wal were finished, in seconds before `now`.
    package mutating func seed(_ segments: [(position: LSN, age: Double)], at now: MonotonicTime) {
        guard let systemIdentifier else { return }
        clock.seed(segments.map { ($0.position, MonotonicTime(now.seconds - $0.age)) }, systemIdentifier: systemIdentifier)
    }

    /// Notes how full the filesystem of pg_wal is.
    package mutating func note(_ filesystem: WALFilesystem, at now: MonotonicTime) {
        filesystemGrowth.record(used: filesystem.sizeBytes - filesystem.availableBytes, at: now)
    }

    /// Fills in what follows from the history: ages, forecasts, since when.
    package func complete(_ snapshot: inout ServerSnapshot, at now: MonotonicTime) {
        let rate = Forecast.walRate(clock, at: now)
        func age(_ position: LSN?) -> Double? {
            position.flatMap { clock.age(of: $0, at: now)?.seconds }
        }
        snapshot.walsenders = snapshot.walsenders?.map { walsender in
            var walsender = walsender
            walsender.flushAge = age(walsender.flushed)
            walsender.replayAge = age(walsender.replayed)
            return walsender
        }
        let isLimited = snapshot.settings?.maxSlotWALKeepSizeBytes != nil
        snapshot.slots = snapshot.slots?.map { slot in
            var slot = slot
            if slot.inactiveSince == nil, !slot.isActive { slot.inactiveSince = inactiveSince[slot.name] }
            guard !slot.isInvalidated else { return slot }
            slot.retainedAge = age(slot.restart)
            slot.confirmedFlushAge = age(slot.confirmedFlush)
            if isLimited, let safe = slot.safeWALBytes { slot.timeToLost = Forecast.secondsUntilUsedUp(remaining: safe, rate: rate) }
            return slot
        }
        if snapshot.receiver?.isUp(settings: snapshot.settings) == true {
            let replayed = snapshot.recovery?.replayed
            snapshot.recovery?.replayLag = age(replayed)
        }
        if let filesystem = snapshot.walFilesystem {
            snapshot.walFilesystem?.timeToFull = Forecast.secondsUntilUsedUp(
                remaining: filesystem.availableBytes,
                rate: filesystemGrowth.rate(at: now)
            )
        }
        snapshot.replayAgeSamples = histograms.mapValues(\.snapshot)
    }

    /// Before 17 the server does not say since when a slot is inactive: at least since it was first seen so.
    private mutating func noteInactiveSlots(_ slots: [Slot], wallClock: Double) {
        var now: [String: Double] = [:]
        for slot in slots where !slot.isActive { now[slot.name] = inactiveSince[slot.name] ?? wallClock }
        inactiveSince = now
    }
}
