/// One row of pg_replication_slots.
package struct Slot: Sendable, Hashable {
    package var name: String
    package var type: SlotType
    package var plugin: String?
    package var database: String?
    package var isTemporary: Bool
    package var isActive: Bool
    /// nil while the slot has never reserved any WAL.
    package var walStatus: WALStatus?
    package var restart: LSN?
    package var confirmedFlush: LSN?
    /// Bytes that may still be written before the slot is lost; nil without a limit, and where the server's number means nothing.
    package var safeWALBytes: Int64?
    package var xminAge: Int64?
    package var catalogXminAge: Int64?
    /// 14+
    package var isTwoPhase: Bool?
    /// 17+
    package var invalidationReason: InvalidationReason?
    /// 17+
    package var isFailover: Bool?
    /// 17+: a copy that the server keeps of the primary's slot. false on a primary, whatever `synced` says there.
    package var isSynced: Bool?
    /// 19+, standby: why the latest synchronisation left it out; nil: it did not.
    package var syncSkipReason: SyncSkipReason?
    /// Unix time; from the server in 17+, before that as seen by the exporter.
    package var inactiveSince: Double?
    /// The server's end of WAL when the row was read; nil where the server does not tell it.
    package var current: LSN?
    /// How long ago the WAL end passed restart_lsn, by the WAL clock.
    package var retainedAge: Double?
    /// How long ago the WAL end passed confirmed_flush_lsn, by the WAL clock.
    package var confirmedFlushAge: Double?
    /// One of the ages may be more than is told: the WAL clock does not reach back that far.
    package var ageIsLowerBound = false
    /// Seconds until max_slot_wal_keep_size is used up at the observed WAL rate.
    package var timeToLost: Double?

    /// `slot_type`
    package enum SlotType: String, Sendable, Hashable, CaseIterable, Codable {
        case physical, logical
    }

    /// `wal_status`
    package enum WALStatus: String, Sendable, Hashable, CaseIterable {
        case reserved, extended, unreserved, lost
    }

    /// `invalidation_reason` (17+)
    package enum InvalidationReason: String, Sendable, Hashable, CaseIterable {
        case walRemoved = "wal_removed"
        case rowsRemoved = "rows_removed"
        case walLevelInsufficient = "wal_level_insufficient"
        /// 18+
        case idleTimeout = "idle_timeout"
    }

    /// `slotsync_skip_reason` (19+)
    package enum SyncSkipReason: String, Sendable, Hashable, CaseIterable {
        case walOrRowsRemoved = "wal_or_rows_removed"
        case walNotFlushed = "wal_not_flushed"
        case noConsistentSnapshot = "no_consistent_snapshot"
        case slotInvalidated = "slot_invalidated"
    }

    package init(
        name: String,
        type: SlotType,
        plugin: String? = nil,
        database: String? = nil,
        isTemporary: Bool = false,
        isActive: Bool = false,
        walStatus: WALStatus? = nil,
        restart: LSN? = nil,
        confirmedFlush: LSN? = nil,
        safeWALBytes: Int64? = nil,
        xminAge: Int64? = nil,
        catalogXminAge: Int64? = nil,
        isTwoPhase: Bool? = nil,
        invalidationReason: InvalidationReason? = nil,
        isFailover: Bool? = nil,
        isSynced: Bool? = nil,
        syncSkipReason: SyncSkipReason? = nil,
        inactiveSince: Double? = nil,
        current: LSN?
    ) {
        self.name = name
        self.type = type
        self.plugin = plugin
        self.database = database
        self.isTemporary = isTemporary
        self.isActive = isActive
        self.walStatus = walStatus
        self.restart = restart
        self.confirmedFlush = confirmedFlush
        self.safeWALBytes = safeWALBytes
        self.xminAge = xminAge
        self.catalogXminAge = catalogXminAge
        self.isTwoPhase = isTwoPhase
        self.invalidationReason = invalidationReason
        self.isFailover = isFailover
        self.isSynced = isSynced
        self.syncSkipReason = syncSkipReason
        self.inactiveSince = inactiveSince
        self.current = current
    }
}

extension Slot {
    /// The slot can never be used again and holds nothing any more, although its restart_lsn and xmin may still be shown.
    package var isInvalidated: Bool {
        walStatus == .lost || invalidationReason != nil
    }

    /// The WAL that the slot needs may be removed by the next checkpoint: past `max_slot_wal_keep_size`. The server says `unreserved` then; with
    /// `summarize_wal` (17+) it goes on saying `reserved`, for WAL that is not yet summarized is kept a while, and only the number tells.
    package var isAboutToBeLost: Bool {
        guard !isInvalidated else { return false }
        return walStatus == .unreserved || safeWALBytes.map { $0 <= 0 } ?? false
    }

    /// PostgreSQL's own, by which a subscriber keeps what it needs to see conflicts (19+): it never reserves WAL, and no consumer uses it.
    package var isServersOwn: Bool { name == "pg_conflict_detection" }

    /// Of a REPACK (CONCURRENTLY) that runs (19+): counted by `max_repack_replication_slots`, apart from all others.
    package var isOfRepack: Bool { plugin == "pgrepack" }

    /// WAL that the slot keeps from being removed; nil when it holds none (never reserved, or invalidated).
    package var retainedBytes: Int64? {
        guard !isInvalidated, let restart, let current else { return nil }
        return current.lag(of: restart)
    }

    /// WAL that the consumer of a logical slot has not confirmed, also while nobody is connected.
    package var confirmedFlushLagBytes: Int64? {
        guard !isInvalidated, let confirmedFlush, let current else { return nil }
        return current.lag(of: confirmedFlush)
    }

    /// A slot that a failover would find ready on this standby: synchronized, kept, valid, and (19+) not behind its consumer, which has
    /// confirmed what this standby has not. nil for slots that are not to be synchronized, and before 17.
    package var isFailoverReady: Bool? {
        guard isFailover == true, let isSynced else { return nil }
        return isSynced && !isTemporary && !isInvalidated && syncSkipReason != .walNotFlushed
    }

    /// The slot comes and goes with a session or with a worker that does one thing; many such share a series.
    package var isPassing: Bool {
        isTemporary || PassingName.isOfWorker(name)
    }

    /// The name that series carry: of a passing slot without the numbers that tell it from the next one.
    package var seriesName: String {
        Self.seriesName(name, isTemporary: isTemporary)
    }

    /// The name that series of a slot carry of which only this much is known.
    package static func seriesName(_ name: String, isTemporary: Bool) -> String {
        isTemporary || PassingName.isOfWorker(name) ? PassingName.withoutNumbers(name) : name
    }

    /// Passing slots that share a series told as the one that retains most. A lasting slot of that name goes before them.
    package static func folding(_ slots: [Slot]) -> [Slot] {
        guard slots.contains(where: \.isPassing) else { return slots }
        var folded: [Slot] = []
        folded.reserveCapacity(slots.count)
        var index = Dictionary(minimumCapacity: slots.count) as [String: Int]
        for slot in slots {
            let name = slot.seriesName
            if let known = index[name] {
                if slot.isWorse(than: folded[known]) { folded[known] = slot }
            } else {
                index[name] = folded.count
                folded.append(slot)
            }
        }
        return folded
    }

    private func isWorse(than other: Slot) -> Bool {
        if isPassing != other.isPassing { return other.isPassing }
        return retainedBytes ?? -1 > other.retainedBytes ?? -1
    }
}

/// Logical decoding statistics of one slot: pg_stat_replication_slots (14+).
package struct SlotStatistics: Sendable, Hashable {
    package var name: String
    package var spilledTransactions: Int64
    package var spilledBytes: Int64
    package var streamedTransactions: Int64
    package var streamedBytes: Int64
    package var decodedTransactions: Int64
    package var decodedBytes: Int64
    /// 19+: how many times logical_decoding_work_mem was exceeded.
    package var memoryExceeded: Int64?
    /// 19+, standby: how many times its synchronisation was left out.
    package var syncSkips: Int64?
    /// 19+, standby: when that was last, Unix time.
    package var lastSyncSkip: Double?

    package init(
        name: String,
        spilledTransactions: Int64,
        spilledBytes: Int64,
        streamedTransactions: Int64,
        streamedBytes: Int64,
        decodedTransactions: Int64,
        decodedBytes: Int64,
        syncSkips: Int64? = nil,
        lastSyncSkip: Double? = nil
    ) {
        self.name = name
        self.spilledTransactions = spilledTransactions
        self.spilledBytes = spilledBytes
        self.streamedTransactions = streamedTransactions
        self.streamedBytes = streamedBytes
        self.decodedTransactions = decodedTransactions
        self.decodedBytes = decodedBytes
        self.syncSkips = syncSkips
        self.lastSyncSkip = lastSyncSkip
    }
}

/// Spill files of one logical slot that are on disk now: `pg_ls_replslotdir()` (15+).
package struct SlotSpill: Sendable, Hashable {
    package var name: String
    package var bytes: Int64

    package init(name: String, bytes: Int64) {
        self.name = name
        self.bytes = bytes
    }
}
