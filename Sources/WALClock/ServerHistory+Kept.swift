package import ReplicationModel

extension ServerHistory {
    /// What of a history outlives the process: times by the wall clock, and whose history it is.
    package struct Kept: Sendable, Hashable, Codable {
        /// `ServerIdentity/systemKey`: another server behind the same name inherits nothing.
        package var systemKey: String
        package var postmasterStart: Double?
        package var clock: WALClock.Kept?
        package var hours: WALHours.Kept
        /// Pairs of bytes used and Unix time.
        package var filesystem: [[Double]]
        package var slots: SlotMemory.Kept
        /// Unix time since when slots are inactive, where the server does not tell.
        package var inactiveSince: [String: Double]
        package var checkpoints: CheckpointCycles
        package var histograms: [Histogram]

        package struct Histogram: Sendable, Hashable, Codable {
            package var walsender: WalsenderKey
            var ages: AgeHistograms
        }
    }

    /// Between two looks so far apart, in seconds, a slot counts as inactive all the time.
    private static let shortAbsence = 120.0
    /// More walsenders and slots than anybody looks at; with all else it stays within 200 KB a target.
    private static let mostHistograms = 200
    private static let mostSlots = 400

    /// - Returns: nil while the server is not known.
    package func kept(at now: Moment) -> Kept? {
        guard let systemIdentifier else { return nil }
        var slots = slotMemory.kept
        if slots.slots.count > Self.mostSlots {
            // What happened to a slot is worth more than that it is there.
            let told = slots.slots.filter { $0.record.lostAt != nil || $0.record.recreations > 0 }
            let others = slots.slots.filter { $0.record.lostAt == nil && $0.record.recreations == 0 }
            slots.slots = Array((told + others).prefix(Self.mostSlots))
        }
        let names = Set(slots.slots.map(\.record.name))
        let histograms = histograms.values.map { Kept.Histogram(walsender: $0.key, ages: $0.value) }
        return Kept(
            systemKey: systemIdentifier,
            postmasterStart: postmasterStart,
            clock: clock.kept(at: now),
            hours: hours.kept,
            filesystem: filesystemGrowth.kept(at: now),
            slots: slots,
            inactiveSince: slots.slots.count < Self.mostSlots ? inactiveSince : inactiveSince.filter { names.contains($0.key) },
            checkpoints: cycles,
            histograms: histograms.count <= Self.mostHistograms ? histograms : []
        )
    }

    /// The history as it was.
    /// - Parameters:
    ///   - now: by both clocks, the wall clock's not before `keptAt`.
    ///   - keptAt: Unix time. From then on to `now` nothing is known.
    ///   - isComplete: nothing was counted after it was kept. Else counters begin anew: one that falls by a little looks like one that began anew
    ///     and has counted all that again.
    package init(_ kept: Kept, at now: Moment, keptAt: Double, isComplete: Bool) {
        self.init()
        systemIdentifier = kept.systemKey
        postmasterStart = kept.postmasterStart
        if let clock = kept.clock.flatMap({ WALClock($0, at: now) }), clock.systemIdentifier == kept.systemKey { self.clock = clock }
        hours = WALHours(kept.hours) ?? WALHours()
        filesystemGrowth.restore(kept.filesystem, at: now)
        slotMemory = SlotMemory(kept.slots, at: now.monotonic)
        if now.wall - keptAt <= Self.shortAbsence { inactiveSince = kept.inactiveSince }
        cycles = kept.checkpoints
        if isComplete {
            let known = kept.histograms.filter(\.ages.isWhole).map { ($0.walsender, $0.ages) }
            histograms.restore(Dictionary(known) { first, _ in first }, at: now.monotonic)
        }
    }
}

extension AgeHistograms {
    /// Of the bounds that there are now.
    fileprivate var isWhole: Bool {
        let present = SampledHistogram()
        return flush.isComparable(to: present) && replay.isComparable(to: present)
    }
}
