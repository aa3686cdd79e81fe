import Collection
import ReplicationModel

/// What a standby tells of itself, recorded in November 2026 from standbys of PostgreSQL 15.18 and 18.6.
extension Recording {
    static let receiver15 = Recording(
        ReceiverCollector.self,
        15,
        .standby,
        """
        has_connection_string | has_slot_name | has_restore_command | is_running | status | timeline | written | flushed | upstream_end | last_message | last_message_age | transit | age | upstream_host | upstream_port | upstream_slot
        t | t | f | t | streaming | 1 | 50610896 | 50610896 | 50610896 | 1795453614.159876 | 5.108825 | 0.000116 | 407.664124 | 127.0.0.1 | 5432 | standby1
        """
    )

    /// The same as a role without privileges sees it.
    static let hiddenReceiver15 = Recording(
        ReceiverCollector.self,
        15,
        .standby,
        """
        has_connection_string | has_slot_name | has_restore_command | is_running | status | timeline | written | flushed | upstream_end | last_message | last_message_age | transit | age | upstream_host | upstream_port | upstream_slot
        NULL | t | f | t | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | standby1
        """
    )

    static let recoveryPrefetch15 = Recording(
        RecoveryPrefetchCollector.self,
        15,
        .standby,
        """
        prefetch | hit | skip_init | skip_new | skip_fpw | skip_rep | wal_distance | block_distance | io_depth
        14 | 40 | 12 | 41 | 22 | 545 | 0 | 0 | 0
        """
    )

    static let recoveryConflicts15 = Recording(
        RecoveryConflictCollector.self,
        15,
        .standby,
        """
        tablespace | lock | snapshot | bufferpin | deadlock
        0 | 0 | 0 | 0 | 0
        """
    )

    static let recoveryConflicts18 = Recording(
        RecoveryConflictCollector.self,
        18,
        .standby,
        """
        tablespace | lock | snapshot | bufferpin | deadlock | active_logical_slot
        0 | 0 | 0 | 0 | 0 | 0
        """
    )
}
