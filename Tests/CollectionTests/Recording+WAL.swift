import Collection
import ReplicationModel

/// WAL, its directory, checkpoints and archiver, recorded in November 2026 from pairs of PostgreSQL 13.4, 15.18 and 18.6.
extension Recording {
    static let wal18 = Recording(
        WALCollector.self,
        18,
        .primary,
        """
        inserted | written | flushed | timeline | last_replayed | sync_waiting | sync_oldest | confirming | ended
        184561856 | 184559576 | 184559576 | 1 | NULL | 2 | 12.25 | 1 | -4711
        """
    )

    static let standbyWAL15 = Recording(
        WALCollector.self,
        15,
        .standby,
        """
        received | replayed | last_replayed_transaction | pause_state | timeline | end_is_known
        50610896 | 50610896 | 1795453300.487007 | not paused | NULL | t
        """
    )

    static let standbyWAL13 = Recording(
        WALCollector.self,
        13,
        .standby,
        """
        received | replayed | last_replayed_transaction | pause_state | timeline | end_is_known
        168064616 | 168064616 | 1795453619.725111 | not paused | NULL | t
        """
    )

    /// With track_wal_io_timing.
    static let walStatistics18 = Recording(
        WALStatisticsCollector.self,
        18,
        .primary,
        """
        records | full_page_images | bytes | buffers_full | writes | syncs | write_seconds | sync_seconds | writers
        33179 | 1833 | 12672861 | 16780 | 17604 | 0 | 0.061775000000000004 | 0 | client backend:14983168,walwriter:212992
        """
    )

    static let standbyWALStatistics18 = Recording(
        WALStatisticsCollector.self,
        18,
        .standby,
        """
        records | full_page_images | bytes | buffers_full | writes | syncs | write_seconds | sync_seconds | writers
        0 | 0 | 0 | 0 | 151 | 0 | 0.00289 | 0 | walreceiver:1245184
        """
    )

    /// Without track_wal_io_timing.
    static let walStatistics15 = Recording(
        WALStatisticsCollector.self,
        15,
        .primary,
        """
        records | full_page_images | bytes | buffers_full | writes | syncs | write_seconds | sync_seconds
        24963 | 518 | 5471178 | 2432 | 3191 | 0 | NULL | NULL
        """
    )

    static let walDirectory18 = Recording(
        WALDirectoryCollector.self,
        18,
        .primary,
        """
        bytes | segments | recycled | oldest_kept | oldest_kept_modified | history_modified | history_timeline | segment_timeline | end_position | redo | stretches | read_at
        67109202 | 4 | 2 | 000000000000000A | 1795453614 | NULL | NULL | 1 | 184549376 | 184549624 | 00000001000000000000000A000000000000000B2 | 1795453622.15664
        """
    )

    static let walSummarizer18 = Recording(
        WALSummarizerCollector.self,
        18,
        .primary,
        """
        unsummarized | summarized
        9952 | 184549624
        """
    )

    static let walSummaries18 = Recording(
        WALSummaryCollector.self,
        18,
        .primary,
        """
        bytes
        22248
        """
    )

    static let checkpoints18 = Recording(
        CheckpointCollector.self,
        18,
        .primary,
        """
        timed | requested | restartpoints_timed | restartpoints_requested | restartpoints_done | last_checkpoint | redo | timeline | minimum_recovery_timeline
        0 | 10 | 0 | 0 | 0 | 1795453614 | 184549624 | 1 | 0
        """
    )

    static let standbyCheckpoints15 = Recording(
        CheckpointCollector.self,
        15,
        .standby,
        """
        timed | requested | last_checkpoint | redo | timeline | minimum_recovery_timeline
        2 | 0 | 1795453510 | 50610664 | 1 | 1
        """
    )

    static let archiver18 = Recording(
        ArchiverCollector.self,
        18,
        .primary,
        """
        archived | failed | last_archived_wal | last_archived | last_failed | lacks_command | at_work
        11 | 0 | 00000001000000000000000A | 1795453614.028616 | NULL | f | t
        """
    )

    static let archiver15 = Recording(
        ArchiverCollector.self,
        15,
        .primary,
        """
        archived | failed | last_archived_wal | last_archived | last_failed | lacks_command | at_work
        3 | 0 | 000000010000000000000002.00000028.backup | 1795453211.072126 | NULL | f | t
        """
    )

    /// archive_mode is on, which a standby does not heed.
    static let standbyArchiver15 = Recording(
        ArchiverCollector.self,
        15,
        .standby,
        """
        archived | failed | last_archived_wal | last_archived | last_failed | lacks_command | at_work
        """
    )

    /// Of a former primary, promoted to timeline 2 by itself, after a clean stop; archive_mode is on.
    static let formerArchiver18 = Recording(
        ArchiverCollector.self,
        18,
        .standby,
        """
        archived | failed | last_archived_wal | last_archived | last_failed | lacks_command | at_work
        7 | 0 | 00000002000000000000000A | 1796080643.849427 | NULL | f | f
        """
    )

    static let archiveStatus18 = Recording(
        ArchiveStatusCollector.self,
        18,
        .primary,
        """
        ready | oldest_ready | segments | first_segment | last_segment | read_at
        0 | NULL | 0 | NULL | NULL | 1795453650.5
        """
    )
}
