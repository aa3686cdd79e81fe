import ReplicationModel

/// What keeps pg_wal: as of its last listing, and absent where one of the reasons is not known.
enum WALRetentionMetrics {
    private static let source =
        "pg_ls_waldir(), pg_control_checkpoint().redo_lsn, pg_replication_slots.restart_lsn, pg_ls_archive_statusdir(), pg_get_wal_summarizer_state()"
    private static let known = Metric.Availability.from(when: "all that may keep WAL is known")

    static let all: [Metric] = [
        .numbers(
            "wal_kept_bytes",
            of: .walRetention,
            by: "reason",
            "WAL in pg_wal that this reason alone asks to keep, from its oldest segment to the end of WAL: checkpoint, wal_keep_size, slots, summarizer "
                + "(17+ with summarize_wal), archiver (segments that wait, where the server archives).",
            source: source,
            known
        ) { retention in WALRetention.Reason.allCases.compactMap { reason in retention.kept[reason].map { (reason.rawValue, $0) } } },
        .numbers(
            "wal_keeper",
            of: .walRetention,
            by: "reason",
            "1: the reason that asks for the oldest segment, which the size of pg_wal waits for. The reasons are those of wal_kept_bytes.",
            source: source,
            known
        ) { retention in
            WALRetention.Reason.allCases.filter { retention.kept[$0] != nil }.map { ($0.rawValue, $0 == retention.keeper.reason) }
        },
        .number(
            "wal_releasable_bytes",
            of: .walRetention,
            "What the next checkpoint (standby: restartpoint) frees when the keeper has gone by then: removed, or renamed for WAL to come. Of slots only the "
                + "one that asks for the oldest segment goes.",
            source: source,
            known
        ) { $0.releasableBytes },
        .number(
            "wal_removable_bytes",
            of: .walRetention,
            "Segments older than every reason asks for: the next checkpoint frees them.",
            source: source,
            known
        ) { $0.removableBytes },
        .number(
            "wal_ahead_bytes",
            of: .walRetention,
            "Segments ahead of the current position: recycled or preallocated, no WAL in them.",
            source: "pg_ls_waldir()",
            known
        ) { $0.aheadBytes },
        .number(
            "wal_unexplained_bytes",
            of: .walRetention,
            "Files in pg_wal that are no segments: .partial, .history, .backup, temporary ones, strangers.",
            source: "pg_ls_waldir()",
            known
        ) { $0.unexplainedBytes },
    ]
}
