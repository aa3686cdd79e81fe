import Exposition
import ReplicationModel

/// WAL archiving. Absent where the server does not archive: archive_mode off, or a standby without archive_mode=always.
enum ArchiverMetrics {
    private static let archiving = Metric.Availability.from(when: "the server archives")

    static let all: [Metric] = [
        .number(
            "archiver_archived_total",
            .counter,
            of: .server,
            "WAL files archived.",
            source: "pg_stat_archiver.archived_count",
            archiving
        ) { $0.archiver?.archived },
        .number(
            "archiver_failed_total",
            .counter,
            of: .server,
            "Failed tries to archive a WAL file.",
            source: "pg_stat_archiver.failed_count",
            archiving
        ) { $0.archiver?.failed },
        .number(
            "archiver_last_archived_timestamp_seconds",
            of: .server,
            "When a file was last archived, Unix time. An idle server archives nothing: look at archive_ready_files too.",
            source: "pg_stat_archiver.last_archived_time",
            .from(when: "a file was archived")
        ) { $0.archiver?.lastArchived },
        .number(
            "archiver_last_failed_timestamp_seconds",
            of: .server,
            "When archiving last failed, Unix time.",
            source: "pg_stat_archiver.last_failed_time",
            .from(when: "archiving failed")
        ) { $0.archiver?.lastFailed },
        .number(
            "archiver_failing",
            of: .server,
            "1: the last try to archive failed, or none ever succeeded, or archive_mode is on without a command or library.",
            source: "pg_stat_archiver, archive_command, archive_library",
            archiving
        ) { $0.archiver?.isFailing },
        .number(
            "archiver_stalled",
            of: .server,
            "1: a file had been waiting for more than a minute at the last listing, and nothing was archived for as long, whatever pg_stat_archiver "
                + "counts: a command that is missing, killed or hangs is no failure there. One that takes minutes for a file looks the same.",
            source: "pg_ls_archive_statusdir().modification, pg_stat_archiver.last_archived_time",
            archiving
        ) { $0.isArchiverStalled },
        .number(
            "archive_ready_files",
            of: .server,
            "Files that wait to be archived, as of the last listing.",
            source: "pg_ls_archive_statusdir(): .ready",
            archiving
        ) { $0.archiveStatus?.ready },
        .number(
            "archive_oldest_ready_timestamp_seconds",
            of: .server,
            "Since when the oldest waiting file waits, Unix time, as of the last listing.",
            source: "pg_ls_archive_statusdir().modification",
            .from(when: "a file waits")
        ) { $0.archiveStatus?.oldestReady },
        .number(
            "archive_lag_bytes",
            of: .server,
            "WAL from the end of the last archived segment to the current position.",
            source: "pg_stat_archiver.last_archived_wal",
            .from(when: "the file archived last is a segment")
        ) { snapshot -> Int64? in
            guard let archiver = snapshot.archiver, let current = snapshot.currentPosition else { return nil }
            return archiver.lagBytes(current: current, segmentBytes: snapshot.identity.walSegmentBytes)
        },
    ]
}
