package import ReplicationModel

/// Whether pg_rewind could bring a server back after a failover, as things stand now.
package struct RewindReadiness: Sendable, Hashable {
    /// Of each reason whether it blocks; without those that cannot be known.
    package let blockers: [Blocker: Bool]

    /// Why pg_rewind would fail. The values of the label `reason`.
    package enum Blocker: String, Sendable, Hashable, CaseIterable {
        /// Neither wal_log_hints nor data checksums: pg_rewind refuses.
        case hintsAndChecksumsOff = "wal_log_hints_and_checksums_off"
        /// pg_rewind refuses a source without full_page_writes.
        case fullPageWritesOff = "full_page_writes_off"
        /// WAL since the last checkpoint's redo position is not kept for longer than the next checkpoint, and there is no archive to take
        /// it from. pg_rewind begins at the last checkpoint before the fork, of which a slot, that begins at the fork, keeps nothing.
        case walNotKept = "wal_not_kept"
    }

    package init(_ snapshot: ServerSnapshot) {
        var blockers: [Blocker: Bool] = [:]
        let settings = snapshot.settings
        blockers[.hintsAndChecksumsOff] = settings?.lacksHintsAndChecksums
        blockers[.fullPageWritesOff] = settings?.fullPageWrites.map { !$0 }
        blockers[.walNotKept] = Self.isWALNotKept(snapshot)
        self.blockers = blockers
    }

    /// nil while something is unknown, unless something else blocks for certain.
    package var isReady: Bool? {
        if blockers.values.contains(true) { return false }
        return blockers.count == Blocker.allCases.count ? true : nil
    }

    private static func isWALNotKept(_ snapshot: ServerSnapshot) -> Bool? {
        if snapshot.settings?.hasRestoreCommand == true { return false }
        guard let keep = snapshot.settings?.walKeepSizeBytes, let current = snapshot.currentPosition, let redo = snapshot.checkpoints?.redo
        else { return nil }
        // Of a whole cycle where one was seen: shortly after a checkpoint there is always little.
        if max(current.lag(of: redo), snapshot.checkpoints?.cycleBytes ?? 0) <= keep { return false }
        return snapshot.settings?.hasRestoreCommand == nil ? nil : true
    }
}

extension Settings {
    /// Neither wal_log_hints nor data checksums are on; nil when that cannot be known.
    var lacksHintsAndChecksums: Bool? {
        if walLogHints == true || dataChecksums == true { return false }
        return walLogHints == nil || dataChecksums == nil ? nil : true
    }
}
