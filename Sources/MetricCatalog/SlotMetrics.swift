import Exposition
import ReplicationModel

/// What each slot keeps, and whether it is still good.
enum SlotMetrics {
    private static let exists = Metric.Availability.from(when: "a slot exists")

    static let all: [Metric] = [
        .number(
            "slot_active",
            of: .slot,
            "1: a consumer is connected to the slot.",
            source: "pg_replication_slots.active",
            exists
        ) { $0.isActive },
        .info(
            "slot_info",
            of: .slot,
            ["plugin", "database", "temporary", "two_phase", "failover", "synced"],
            "What kind of slot it is. Labels that the version does not know are empty.",
            source: "pg_replication_slots",
            exists
        ) { slot in
            [
                slot.plugin ?? "", slot.database ?? "", "\(slot.isTemporary)",
                slot.isTwoPhase.map { "\($0)" } ?? "", slot.isFailover.map { "\($0)" } ?? "", slot.isSynced.map { "\($0)" } ?? "",
            ]
        },
        .walStatus,
        .invalidated,
        .number(
            "slot_retained_bytes",
            of: .slot,
            "WAL that the slot keeps from being removed. Absent when it keeps none: never reserved, or lost (see slot_wal_status).",
            source: "pg_replication_slots.restart_lsn",
            .from(when: "the slot holds WAL")
        ) { $0.retainedBytes },
        .number(
            "slot_retained_age_seconds",
            of: .slot,
            "How long ago the WAL end passed the oldest WAL that the slot holds.",
            source: "pg_replication_slots.restart_lsn by the WAL clock",
            .from(when: "the slot holds WAL")
        ) { $0.retainedAge },
        .number(
            "slot_confirmed_flush_lag_bytes",
            of: .slot,
            "WAL that the consumer of a logical slot has not confirmed, also while it is not connected.",
            source: "pg_replication_slots.confirmed_flush_lsn",
            .from(when: "a logical slot holds WAL")
        ) { $0.confirmedFlushLagBytes },
        .number(
            "slot_confirmed_flush_age_seconds",
            of: .slot,
            "How long ago the WAL end passed what the consumer of a logical slot has confirmed, also while it is not connected.",
            source: "pg_replication_slots.confirmed_flush_lsn by the WAL clock",
            .from(when: "a logical slot holds WAL")
        ) { $0.confirmedFlushAge },
        .number(
            "slot_age_is_lower_bound",
            of: .slot,
            "1: what the slot retains, or its consumer has not confirmed, may be older than is told, because nothing is known of the WAL of that time. 0: it is "
                + "what it says.",
            source: "pg_replication_slots.restart_lsn, confirmed_flush_lsn by the WAL clock",
            .from(when: "the slot holds WAL")
        ) { slot in slot.retainedAge == nil ? nil : slot.ageIsLowerBound },
        .number(
            "slot_safe_wal_bytes",
            of: .slot(on: .primary),
            "WAL that may still be written before the slot is in danger of being lost. May be negative: it will be lost at the next checkpoint.",
            source: "pg_replication_slots.safe_wal_size",
            .from(13, .primary, when: "max_slot_wal_keep_size is set and the slot holds WAL")
        ) { $0.safeWALBytes },
        .number(
            "slot_time_to_lost_seconds",
            of: .slot(on: .primary),
            "Time until max_slot_wal_keep_size is used up at the observed WAL rate: the higher of the last minute's and the last 15 minutes'.",
            source: "pg_replication_slots.safe_wal_size by the WAL clock",
            .from(13, .primary, when: "max_slot_wal_keep_size is set, the slot holds WAL and WAL is written")
        ) { $0.timeToLost },
        .number(
            "slot_inactive_since_timestamp_seconds",
            of: .slot,
            "Since when nobody is connected to the slot, Unix time: at least since then, for a restart of the server sets it anew.",
            source: "pg_replication_slots.inactive_since; before 17 as seen by the exporter",
            .from(when: "the slot is inactive")
        ) { $0.isActive ? nil : $0.inactiveSince },
        .number(
            "slot_xmin_age_transactions",
            of: .slot,
            "Age of the oldest transaction that the slot holds back from vacuum.",
            source: "pg_replication_slots.xmin",
            .from(when: "the slot holds an xmin")
        ) { $0.isInvalidated ? nil : $0.xminAge },
        .number(
            "slot_catalog_xmin_age_transactions",
            of: .slot,
            "Age of the oldest transaction that the slot holds back from vacuum of the catalogs.",
            source: "pg_replication_slots.catalog_xmin",
            .from(when: "the slot holds a catalog_xmin")
        ) { $0.isInvalidated ? nil : $0.catalogXminAge },
        .number(
            "slot_failover_ready",
            of: .slot(on: .standby),
            "1: the slot was synchronized to this standby and would be there after a failover.",
            source: "pg_replication_slots.failover, synced, temporary, invalidation_reason, slotsync_skip_reason",
            .from(17, .standby, when: "a slot with failover=true is on this standby")
        ) { $0.isFailoverReady },
        .number(
            "slot_recreated_total",
            .counter,
            of: .slotRecord,
            "Times that a slot of this name was found to be another one than before: valid after it was lost, as Patroni makes it anew within seconds, "
                + "or of another type, plugin or database. What the consumer had not got from the former is in neither. Temporary slots and copies "
                + "of another server's are left out.",
            source: "pg_replication_slots, remembered by the exporter",
            .from(when: "a slot exists, or did within the last hour")
        ) { $0.recreations },
        .number(
            "slot_lost_timestamp_seconds",
            of: .slotRecord,
            "When the slot was first seen lost, the last time that it was, Unix time by the exporter's clock. It stays when the slot is made anew.",
            source: "pg_replication_slots.wal_status, invalidation_reason, remembered by the exporter",
            .from(when: "the slot was seen lost")
        ) { $0.lostAt },
        .syncSkipped,
        .number(
            "slot_sync_skips_total",
            .counter,
            of: .slotStatistics(on: .standby),
            "Times that the synchronization of the slot from the primary was left out.",
            source: "pg_stat_replication_slots.slotsync_skip_count",
            .from(19, .standby, when: "a logical slot exists")
        ) { $0.syncSkips },
        .number(
            "slot_sync_last_skip_timestamp_seconds",
            of: .slotStatistics(on: .standby),
            "When the synchronization of the slot from the primary was last left out, Unix time.",
            source: "pg_stat_replication_slots.slotsync_last_skip",
            .from(19, .standby, when: "it was left out")
        ) { $0.lastSyncSkip },
        .number(
            "slots_used",
            of: .server,
            "Replication slots that exist, without those of REPACK (CONCURRENTLY).",
            source: "pg_replication_slots"
        ) { $0.slots.map { slots in slots.count { !$0.isOfRepack } } },
        .number(
            "slots_limit",
            of: .server,
            "Replication slots that may exist.",
            source: "max_replication_slots"
        ) { $0.settings?.maxReplicationSlots },
        .number(
            "repack_slots_used",
            of: .server,
            "Replication slots of REPACK (CONCURRENTLY) that exist.",
            source: "pg_replication_slots.plugin",
            .from(19)
        ) { $0.settings?.maxRepackReplicationSlots == nil ? nil : $0.slots.map { slots in slots.count(where: \.isOfRepack) } },
        .number(
            "repack_slots_limit",
            of: .server,
            "Replication slots of REPACK (CONCURRENTLY) that may exist, beside all others.",
            source: "max_repack_replication_slots",
            .from(19)
        ) { $0.settings?.maxRepackReplicationSlots },
    ]
}

extension Metric {
    /// On a standby PostgreSQL judges by a position that means nothing there, so there is no state; an invalidation is still told.
    fileprivate static var walStatus: Metric {
        .states(
            "slot_wal_status",
            of: .slot(on: .primary),
            "wal_status",
            Slot.WALStatus.allCases.map(\.rawValue) + ["none"],
            "Whether the WAL that the slot needs is kept; lost: it is gone and the slot is dead; none: the slot has never reserved any.",
            source: "pg_replication_slots.wal_status",
            .from(13, .primary, when: "a slot exists")
        ) { $0.walStatus?.rawValue ?? "none" }
    }

    /// Of copies alone.
    fileprivate static var syncSkipped: Metric {
        .states(
            "slot_sync_skipped",
            of: .slotWithVersion,
            "reason",
            ["none"] + Slot.SyncSkipReason.allCases.map(\.rawValue),
            "Why the latest synchronization left this copy out, so that it is not ready for a failover; none: it did not. wal_not_flushed: the consumer "
                + "has confirmed more than this standby has.",
            source: "pg_replication_slots.slotsync_skip_reason",
            .from(19, .standby, when: "the slot is a copy of the primary's")
        ) { slot, majorVersion in
            majorVersion >= 19 && slot.isSynced == true ? slot.syncSkipReason?.rawValue ?? "none" : nil
        }
    }

    fileprivate static var invalidated: Metric {
        .numbers(
            "slot_invalidated",
            of: .slotWithVersion,
            by: "reason",
            "1: the slot can never be used again, and why; before 17 the server does not say why (unknown).",
            source: "pg_replication_slots.invalidation_reason, wal_status",
            .from(when: "a slot exists")
        ) { slot, majorVersion in
            guard majorVersion >= 17 else { return [("unknown", slot.isInvalidated)] }
            let reasons = Slot.InvalidationReason.allCases.filter { majorVersion >= 18 || $0 != .idleTimeout }
            return reasons.map { ($0.rawValue, $0 == slot.invalidationReason) }
        }
    }
}
