/// pg_stat_recovery_prefetch (15+).
package struct RecoveryPrefetch: Sendable, Hashable {
    package var prefetched: Int64
    package var hits: Int64
    package var skippedZeroed: Int64
    package var skippedNew: Int64
    package var skippedFullPage: Int64
    package var skippedRepeated: Int64
    package var walDistanceBytes: Int64
    package var blockDistance: Int64
    package var ioDepth: Int64

    package init(
        prefetched: Int64,
        hits: Int64,
        skippedZeroed: Int64,
        skippedNew: Int64,
        skippedFullPage: Int64,
        skippedRepeated: Int64,
        walDistanceBytes: Int64,
        blockDistance: Int64,
        ioDepth: Int64
    ) {
        self.prefetched = prefetched
        self.hits = hits
        self.skippedZeroed = skippedZeroed
        self.skippedNew = skippedNew
        self.skippedFullPage = skippedFullPage
        self.skippedRepeated = skippedRepeated
        self.walDistanceBytes = walDistanceBytes
        self.blockDistance = blockDistance
        self.ioDepth = ioDepth
    }
}

/// Queries that replay cancelled, summed over the databases: pg_stat_database_conflicts.
package struct RecoveryConflict: Sendable, Hashable {
    package var kind: Kind
    package var count: Int64

    /// The columns `confl_…`.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case tablespace, lock, snapshot, bufferpin, deadlock
        /// 16+
        case activeLogicalSlot = "active_logical_slot"
    }

    package init(kind: Kind, count: Int64) {
        self.kind = kind
        self.count = count
    }
}
