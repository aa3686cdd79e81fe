package import ReplicationModel

/// How a former primary can come back after another server was promoted.
package struct FailbackVerdict: Sendable, Hashable {
    package let way: Way
    /// Why this way, and no easier one: a clause.
    package let reason: String
    /// What is not known and may make the way harder, as clauses.
    package let doubts: [String]
    package let evidence: [Finding.Evidence]

    /// That it has data of its own is proven, and not only likely.
    package let isCertain: Bool
    /// From the easiest to the hardest.
    package enum Way: String, Sendable, Hashable, CaseIterable {
        /// It is started as a standby: all its WAL is the survivor's too.
        case follow
        /// pg_rewind discards what it wrote after the fork.
        case rewind
        case baseBackup = "base_backup"
        /// Something is unknown that decides.
        case undecided
    }

    /// - Parameters:
    ///   - former: the former primary as it is, or was last; or one of its standbys, which may hold the same WAL beyond the fork.
    ///   - survivor: the primary that is to be followed, on the same or a higher timeline.
    ///   - isPast: `former` is the past: it may have written more since.
    package init(former: ServerSnapshot, survivor: ServerSnapshot, isPast: Bool) {
        var facts = Facts(former: former, survivor: survivor)
        let (way, reason) = facts.decide()
        self.way = way
        self.reason = reason
        if isPast, way == .follow || way == .rewind { facts.doubts.append("it may have written more after it was seen last") }
        isCertain = former.role != .standby || former.timeline != survivor.timeline || former.wasPromoted(beside: survivor)
        doubts = facts.doubts
        evidence = facts.evidence
    }
}

/// What a verdict is concluded from.
private struct Facts {
    let former: ServerSnapshot
    let survivor: ServerSnapshot
    var doubts: [String] = []

    init(former: ServerSnapshot, survivor: ServerSnapshot) {
        self.former = former
        self.survivor = survivor
    }

    var position: LSN? { former.currentPosition }

    mutating func decide() -> (FailbackVerdict.Way, String) {
        guard let old = former.timeline, let new = survivor.timeline else { return (.undecided, "a timeline is unknown") }
        if old == new, former.role == .standby, !former.wasPromoted(beside: survivor) {
            doubts.append(
                "that its history file is older than the primary's promotion has another reason if the primary's directory was copied since"
            )
        }
        if old == new { return (.baseBackup, "both were promoted to timeline \(new), and pg_rewind compares only the number") }
        guard old < new else { return (.undecided, "it is on a later timeline than the primary") }
        guard let position else { return (.undecided, "its last position is unknown") }
        guard let fork = survivor.fork else { return (.undecided, "the fork of timeline \(new) is not known any more") }
        // Forks come one after another: what is beyond the last one is beyond the first one too.
        if position > fork { return rewind(position, fork) }
        return old +| 1 == new ? follow(position) : (.undecided, "only the last one of the forks since timeline \(old) is known")
    }

    private mutating func follow(_ position: LSN) -> (FailbackVerdict.Way, String) {
        guard let kept = survivor.walDirectory?.oldestKept else {
            doubts.append("it is not known whether the primary still has the WAL that it lacks")
            return (.follow, "it wrote nothing beyond the fork")
        }
        if kept <= position { return (.follow, "it wrote nothing beyond the fork, and the primary keeps the WAL that it lacks") }
        if hasArchive {
            doubts.append("the WAL that it lacks has to come from its archive")
            return (.follow, "it wrote nothing beyond the fork")
        }
        return (.baseBackup, "it lacks WAL from \(position) on, of which the primary keeps only what is after \(kept)")
    }

    private mutating func rewind(_ position: LSN, _ fork: LSN) -> (FailbackVerdict.Way, String) {
        let beyond = "it wrote \(HumanText.bytes(position.lag(of: fork))) beyond the fork"
        if former.settings?.lacksHintsAndChecksums == true {
            return (.baseBackup, "\(beyond), and pg_rewind refuses without wal_log_hints or data checksums")
        }
        if survivor.settings?.fullPageWrites == false {
            return (.baseBackup, "\(beyond), and pg_rewind refuses a source without full_page_writes")
        }
        if former.settings?.lacksHintsAndChecksums == nil { doubts.append("wal_log_hints and data checksums are unknown") }
        // pg_rewind begins at the last checkpoint before the fork, on both sides.
        let redo = former.checkpoints?.redo
        let needed = redo.map { min($0, fork) } ?? fork
        if redo.map({ $0 > fork }) ?? true { doubts.append("the last checkpoint before the fork is not known, and its WAL may be gone") }
        if hasArchive { return (.rewind, beyond) }
        if let kept = former.walDirectory?.oldestKept, kept > needed {
            return (.baseBackup, "\(beyond), and its own WAL from \(needed) on is gone")
        }
        switch willKeep(needed, position) {
        case false?:
            return (.baseBackup, "\(beyond), and its next checkpoint, at any start or stop, removes its WAL from \(needed) on")
        case nil: doubts.append("it is not known how much WAL it keeps over its next checkpoint")
        case true?: break
        }
        guard let kept = survivor.walDirectory?.oldestKept else {
            doubts.append("it is not known how much WAL the primary still has")
            return (.rewind, beyond)
        }
        return kept > needed ? (.baseBackup, "\(beyond), and the primary keeps no WAL from \(needed) on") : (.rewind, beyond)
    }

    /// Whether WAL remains when the former primary is stopped, or started and recovers: either makes a checkpoint at its end. A standby makes
    /// none of its own and keeps WAL from its last restartpoint on.
    private func willKeep(_ needed: LSN, _ position: LSN) -> Bool? {
        guard let keep = former.settings?.walKeepSizeBytes else { return nil }
        let checkpoint = former.role == .standby ? former.checkpoints?.redo ?? position : position
        let segment = former.identity.walSegmentBytes
        guard let last = checkpoint.bytes.divided(by: segment), let kept = keep.divided(by: segment),
            let first = needed.bytes.divided(by: segment)
        else { return nil }
        if first >= last -| kept { return true }
        let limit = former.settings?.maxSlotWALKeepSizeBytes ?? .max
        return (former.slots ?? []).contains { slot in
            guard !slot.isTemporary, !slot.isInvalidated, let restart = slot.restart else { return false }
            return restart <= needed && position.lag(of: restart) <= limit
        }
    }

    private var hasArchive: Bool {
        former.settings?.hasRestoreCommand == true || former.receiver?.hasRestoreCommand == true
    }

    var evidence: [Finding.Evidence] {
        var evidence: [Finding.Evidence] = []
        func add(_ name: String, _ value: String?) { if let value { evidence.append(.init(name, value)) } }
        add("its timeline", former.timeline.map { "\($0)" })
        add("timeline of the primary", survivor.timeline.map { "\($0)" })
        add("fork", survivor.fork?.description ?? "unknown")
        add("its end of WAL", position?.description ?? "unknown")
        add("last_archived_wal, from when it was a primary", former.lastArchivedAsPrimary)
        add("its last checkpoint's redo position", former.checkpoints?.redo?.description)
        add("its oldest WAL", former.walDirectory?.oldestKept?.description)
        add("oldest WAL of the primary", survivor.walDirectory?.oldestKept?.description)
        add("its wal_keep_size", former.settings?.walKeepSizeBytes.map(HumanText.bytes))
        add("its wal_log_hints", former.settings?.walLogHints.map { $0 ? "on" : "off" })
        add("its data_checksums", former.settings?.dataChecksums.map { $0 ? "on" : "off" })
        add("its restore_command", former.settings?.hasRestoreCommand.map { $0 ? "set" : "not set" })
        return evidence
    }
}
