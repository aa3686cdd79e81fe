import Collection
import ReplicationModel

/// Walsenders, slots and base backups, recorded in November 2026 from pairs of PostgreSQL 13.4, 15.18 and 18.6.
extension Recording {
    /// A synchronous standby, a base backup with its WAL stream, and pg_receivewal.
    static let walsenders18 = Recording(
        WalsenderCollector.self,
        18,
        .primary,
        """
        application_name | client_addr | state | slot_name | temporary | sync_state | sync_priority | current | sent | written | flushed | replayed | write_lag | flush_lag | replay_lag | reply | started | xmin_age | slot_is_ahead | end_is_known
        sby1 | NULL | streaming | s1 | f | sync | 1 | 184559576 | 184559576 | 184559576 | 184559576 | 184559576 | 0.001344 | 0.001348 | 0.001456 | 1795453621.497151 | 1795453581.469568 | NULL | f | t
        pg_basebackup | NULL | backup | NULL | NULL | async | 0 | 184559576 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | 1795453614.006102 | NULL | NULL | t
        pg_receivewal | NULL | streaming | NULL | NULL | async | 0 | 184559576 | 184559576 | 167772160 | NULL | NULL | 0.003929 | 0.003929 | 0.003929 | 1795453614.023705 | 1795453614.005302 | NULL | NULL | t
        pg_basebackup | NULL | streaming | pg_basebackup_20069 | t | async | 0 | 184559576 | 184559576 | 184549376 | 184549376 | NULL | 6.1e-05 | 6.1e-05 | 6.1e-05 | 1795453614.433635 | 1795453614.427613 | NULL | f | t
        """
    )

    /// The same as a role without privileges sees them.
    static let hiddenWalsenders18 = Recording(
        WalsenderCollector.self,
        18,
        .primary,
        """
        application_name | client_addr | state | slot_name | temporary | sync_state | sync_priority | current | sent | written | flushed | replayed | write_lag | flush_lag | replay_lag | reply | started | xmin_age | slot_is_ahead | end_is_known
        sby1 | NULL | NULL | s1 | f | NULL | NULL | 184562360 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t
        pg_basebackup | NULL | NULL | NULL | NULL | NULL | NULL | 184562360 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | t
        pg_receivewal | NULL | NULL | NULL | NULL | NULL | NULL | 184562360 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | t
        pg_basebackup | NULL | NULL | pg_basebackup_20069 | t | NULL | NULL | 184562360 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t
        """
    )

    /// An idle standby.
    static let walsenders15 = Recording(
        WalsenderCollector.self,
        15,
        .primary,
        """
        application_name | client_addr | state | slot_name | temporary | sync_state | sync_priority | current | sent | written | flushed | replayed | write_lag | flush_lag | replay_lag | reply | started | xmin_age | slot_is_ahead | end_is_known
        sby1 | NULL | streaming | s1 | f | async | 0 | 50610896 | 50610896 | 50610896 | 50610896 | 50610896 | NULL | NULL | NULL | 1795453614.15968 | 1795453211.607161 | NULL | f | t
        """
    )

    /// Lost, never used, physical, failover, of a subscription, temporary.
    static let slots18 = Recording(
        SlotCollector.self,
        18,
        .primary,
        """
        slot_name | slot_type | plugin | database | temporary | active | wal_status | restart | confirmed_flush | safe_wal | xmin_age | catalog_xmin_age | two_phase | invalidation_reason | failover | synced | inactive_since | current
        gone | physical | NULL | NULL | f | f | lost | NULL | NULL | NULL | NULL | NULL | f | wal_removed | f | f | 1795453580.606408 | 184559576
        unused | physical | NULL | NULL | f | f | NULL | NULL | NULL | NULL | NULL | NULL | f | NULL | f | f | 1795453580.606873 | 184559576
        s1 | physical | NULL | NULL | f | t | reserved | 184559576 | NULL | 83875880 | 0 | 19 | f | NULL | f | f | NULL | 184559576
        orders_cdc | logical | test_decoding | postgres | f | f | reserved | 168040632 | 168042768 | 67098664 | NULL | 17 | f | NULL | t | f | 1795453613.683403 | 184559576
        sub_app | logical | pgoutput | postgres | f | f | reserved | 168040632 | 168043144 | 67098664 | NULL | 17 | f | NULL | f | f | 1795453618.853272 | 184559576
        pg_basebackup_20069 | physical | NULL | NULL | t | t | reserved | 184549376 | NULL | 83875880 | NULL | NULL | f | NULL | f | f | NULL | 184559576
        """
    )

    /// A slot that is being synchronized.
    static let standbySlots18 = Recording(
        SlotCollector.self,
        18,
        .standby,
        """
        slot_name | slot_type | plugin | database | temporary | active | wal_status | restart | confirmed_flush | safe_wal | xmin_age | catalog_xmin_age | two_phase | invalidation_reason | failover | synced | inactive_since | current
        orders_cdc | logical | test_decoding | postgres | t | t | reserved | 150994984 | NULL | NULL | NULL | 19 | f | NULL | t | t | 1795453606.930064 | 184562360
        """
    )

    /// A subscriber's own slot (retain_dead_tuples), a copy that was left out, one that is kept: of 19rc1.
    static let slots19 = Recording(
        SlotCollector.self,
        19,
        .standby,
        """
        slot_name | slot_type | plugin | database | temporary | active | wal_status | restart | confirmed_flush | safe_wal | xmin_age | catalog_xmin_age | two_phase | invalidation_reason | failover | synced | skip_reason | inactive_since | current
        pg_conflict_detection | physical | NULL | NULL | f | t | NULL | NULL | NULL | NULL | 0 | NULL | f | NULL | f | f | NULL | NULL | 24910360
        orders | logical | test_decoding | postgres | t | t | reserved | 50568936 | NULL | NULL | NULL | 1 | f | NULL | t | t | wal_or_rows_removed | 1796055341.471831 | 50569152
        kept | logical | test_decoding | postgres | f | f | reserved | 50568936 | 50569096 | NULL | NULL | 1 | f | NULL | t | t | NULL | 1796055363.90596 | 50569152
        """
    )

    static let slotStatistics19 = Recording(
        SlotStatisticsCollector.self,
        19,
        .standby,
        """
        slot_name | spill_txns | spill_bytes | stream_txns | stream_bytes | total_txns | total_bytes | slotsync_skip_count | last_skip | mem_exceeded_count
        orders | 0 | 0 | 0 | 0 | 0 | 0 | 6 | 1796055344.673872 | 2
        """
    )

    static let slots15 = Recording(
        SlotCollector.self,
        15,
        .primary,
        """
        slot_name | slot_type | plugin | database | temporary | active | wal_status | restart | confirmed_flush | safe_wal | xmin_age | catalog_xmin_age | two_phase | invalidation_reason | failover | synced | inactive_since | current
        s1 | physical | NULL | NULL | f | t | reserved | 50610896 | NULL | NULL | 0 | NULL | f | NULL | NULL | NULL | NULL | 50610896
        l1 | logical | test_decoding | postgres | f | f | reserved | 22022088 | 22022144 | NULL | NULL | 13 | f | NULL | NULL | NULL | NULL | 50610896
        """
    )

    static let slots13 = Recording(
        SlotCollector.self,
        13,
        .primary,
        """
        slot_name | slot_type | plugin | database | temporary | active | wal_status | restart | confirmed_flush | safe_wal | xmin_age | catalog_xmin_age | two_phase | invalidation_reason | failover | synced | inactive_since | current
        s1 | physical | NULL | NULL | f | t | reserved | 168064616 | NULL | 83593624 | 2 | NULL | NULL | NULL | NULL | NULL | NULL | 168064616
        gone | physical | NULL | NULL | f | f | lost | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | 168064616
        unused | physical | NULL | NULL | f | f | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | 168064616
        orders_cdc | logical | pgoutput | postgres | f | f | reserved | 134218000 | 134218056 | 50039192 | NULL | 10 | NULL | NULL | NULL | NULL | NULL | 168064616
        sub_app | logical | pgoutput | postgres | f | t | reserved | 168047000 | 168064616 | 83593624 | NULL | 1 | NULL | NULL | NULL | NULL | NULL | 168064616
        """
    )

    static let slotStatistics18 = Recording(
        SlotStatisticsCollector.self,
        18,
        .primary,
        """
        slot_name | spill_txns | spill_bytes | stream_txns | stream_bytes | total_txns | total_bytes
        orders_cdc | 0 | 0 | 0 | 0 | 7 | 134804
        sub_app | 0 | 0 | 0 | 0 | 9 | 135072
        """
    )

    static let slotSpill18 = Recording(
        SlotSpillCollector.self,
        18,
        .primary,
        """
        slot_name | bytes
        orders_cdc | 0
        sub_app | 0
        """
    )

    static let baseBackups18 = Recording(
        BaseBackupCollector.self,
        18,
        .primary,
        """
        application_name | client_addr | phase | streamed | total
        pg_basebackup | NULL | streaming database files | 245760 | 31661568
        """
    )
}
