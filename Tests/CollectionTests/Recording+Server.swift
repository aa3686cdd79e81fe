import Collection
import ReplicationModel

/// Subscriptions, settings and privileges, recorded in November 2026 from PostgreSQL 13.4, 15.18 and 18.6.
extension Recording {
    /// One fails over and over, one is disabled.
    static let subscriptions18 = Recording(
        SubscriptionCollector.self,
        18,
        .primary,
        """
        name | database | enabled | running | received | latest_end | last_message
        sub_app | app | t | f | NULL | NULL | NULL
        off | app | f | f | NULL | NULL | NULL
        """
    )

    static let subscriptions13 = Recording(
        SubscriptionCollector.self,
        13,
        .primary,
        """
        name | database | enabled | running | received | latest_end | last_message
        sub_app | app | t | t | 168064616 | 1795453619.725244 | 1795453619.726279
        off | app | f | f | NULL | NULL | NULL
        """
    )

    static let subscriptionStatistics18 = Recording(
        SubscriptionStatisticsCollector.self,
        18,
        .primary,
        """
        name | database | apply_errors | sync_errors | confl_insert_exists | confl_update_origin_differs | confl_update_exists | confl_update_missing | confl_delete_origin_differs | confl_delete_missing | confl_multiple_unique_conflicts
        sub_app | app | 3 | 0 | 3 | 0 | 0 | 0 | 0 | 0 | 0
        off | app | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0
        """
    )

    static let subscriptionStatistics15 = Recording(
        SubscriptionStatisticsCollector.self,
        15,
        .primary,
        """
        name | database | apply_errors | sync_errors
        """
    )

    /// Connected to the subscriber's database.
    static let subscriptionTables18 = Recording(
        SubscriptionTableCollector.self,
        18,
        .primary,
        """
        name | database | state | tables | sequences
        off | app | NULL | 0 | 0
        sub_app | app | r | 1 | 0
        """
    )

    static let replicationOrigins18 = Recording(
        ReplicationOriginCollector.self,
        18,
        .primary,
        """
        origins
        2
        """
    )

    static let settings18 = Recording(
        SettingsCollector.self,
        18,
        .primary,
        """
        name | setting | integer | is_on | unit
        archive_mode | on | NULL | NULL | NULL
        data_checksums | on | NULL | t | NULL
        full_page_writes | on | NULL | t | NULL
        hot_standby_feedback | on | NULL | t | NULL
        idle_replication_slot_timeout | 0 | 0 | NULL | s
        max_active_replication_origins | 10 | 10 | NULL | NULL
        max_replication_slots | 15 | 15 | NULL | NULL
        max_slot_wal_keep_size | 64 | 64 | NULL | MB
        max_wal_senders | 20 | 20 | NULL | NULL
        max_wal_size | 64 | 64 | NULL | MB
        recovery_min_apply_delay | 0 | 0 | NULL | ms
        recovery_target |  | NULL | NULL | NULL
        recovery_target_time |  | NULL | NULL | NULL
        synchronous_commit | on | NULL | NULL | NULL
        synchronous_standby_names | FIRST 1 (sby1, other) | NULL | NULL | NULL
        wal_keep_size | 0 | 0 | NULL | MB
        wal_level | logical | NULL | NULL | NULL
        wal_log_hints | off | NULL | f | NULL
        wal_receiver_timeout | 60000 | 60000 | NULL | ms
        wal_retrieve_retry_interval | 5000 | 5000 | NULL | ms
        wal_sender_timeout | 60000 | 60000 | NULL | ms
        restores_from_archive | off | NULL | NULL | NULL
        """
    )

    /// After ALTER ROLE monitor SET wal_receiver_timeout = '100ms': source `user`. Of 19rc1, most rows left out.
    static let settings19 = Recording(
        SettingsCollector.self,
        19,
        .standby,
        """
        name | setting | integer | is_on | unit
        hot_standby_feedback | on | NULL | t | NULL
        sync_replication_slots | on | NULL | t | NULL
        synchronized_standby_slots | standby, "Odd Name" | NULL | NULL | NULL
        wal_receiver_timeout | 100 | NULL | NULL | ms
        wal_retrieve_retry_interval | 200 | 200 | NULL | ms
        restores_from_archive | off | NULL | NULL | NULL
        """
    )

    static let settings15 = Recording(
        SettingsCollector.self,
        15,
        .primary,
        """
        name | setting | integer | is_on | unit
        archive_mode | on | NULL | NULL | NULL
        data_checksums | off | NULL | f | NULL
        full_page_writes | on | NULL | t | NULL
        hot_standby_feedback | on | NULL | t | NULL
        max_replication_slots | 10 | 10 | NULL | NULL
        max_slot_wal_keep_size | -1 | -1 | NULL | MB
        max_wal_senders | 20 | 20 | NULL | NULL
        max_wal_size | 1024 | 1024 | NULL | MB
        recovery_min_apply_delay | 0 | 0 | NULL | ms
        recovery_target |  | NULL | NULL | NULL
        recovery_target_time |  | NULL | NULL | NULL
        synchronous_commit | on | NULL | NULL | NULL
        synchronous_standby_names |  | NULL | NULL | NULL
        wal_keep_size | 0 | 0 | NULL | MB
        wal_level | logical | NULL | NULL | NULL
        wal_log_hints | off | NULL | f | NULL
        wal_receiver_timeout | 60000 | 60000 | NULL | ms
        wal_retrieve_retry_interval | 5000 | 5000 | NULL | ms
        wal_sender_timeout | 60000 | 60000 | NULL | ms
        restores_from_archive | off | NULL | NULL | NULL
        """
    )

    /// As a role without privileges sees them.
    static let privileges18 = Recording(
        PrivilegeCollector.self,
        18,
        .primary,
        """
        privilege | granted
        pg_read_all_stats | f
        pg_ls_waldir | f
        pg_ls_archive_statusdir | f
        pg_ls_replslotdir | f
        pg_ls_summariesdir | f
        """
    )

    static let privileges13 = Recording(
        PrivilegeCollector.self,
        13,
        .primary,
        """
        privilege | granted
        pg_read_all_stats | t
        pg_ls_waldir | t
        pg_ls_archive_statusdir | t
        """
    )
}
