import ReplicationModel

/// pg_wal on disk. Listings cost a stat a file, so they have an interval of their own (collection.directory_interval).
enum WALDirectoryMetrics {
    private static let beside = Metric.Availability.from(when: "the exporter runs beside the server, and may look at its directory")

    static let all: [Metric] = [
        .number(
            "wal_directory_bytes",
            of: .server,
            "Size of all files in pg_wal, as of the last listing.",
            source: "pg_ls_waldir().size"
        ) { $0.walDirectory?.bytes },
        .number(
            "wal_directory_segments",
            of: .server,
            "WAL segments in pg_wal, recycled ones included, as of the last listing.",
            source: "pg_ls_waldir().name"
        ) { $0.walDirectory?.segments },
        .number(
            "wal_directory_recycled_segments",
            of: .server,
            "Segments ahead of the current position: recycled or preallocated, no WAL in them yet, as of the last listing.",
            source: "pg_ls_waldir().name"
        ) { $0.walDirectory?.recycledSegments },
        .number(
            "wal_directory_oldest_segment_timestamp_seconds",
            of: .server,
            "When the oldest kept segment was last written, Unix time, as of the last listing.",
            source: "pg_ls_waldir().modification"
        ) { $0.walDirectory?.oldestKeptModified },
        .number(
            "wal_directory_read_timestamp_seconds",
            of: .server,
            "When pg_wal was last listed, Unix time by the server's clock.",
            source: "clock_timestamp()"
        ) { $0.walDirectory?.readAt },
        .number(
            "wal_oldest_kept_position_bytes",
            of: .server,
            "First byte of the oldest segment kept, in bytes since 0/0. A standby whose replayed position is below its upstream's can never catch up.",
            source: "pg_ls_waldir().name"
        ) { $0.walDirectory?.oldestKept },
        .number(
            "wal_filesystem_size_bytes",
            of: .server,
            "Size of the filesystem that pg_wal is on.",
            source: "statvfs() beside the server",
            beside
        ) { $0.walFilesystem?.sizeBytes },
        .number(
            "wal_filesystem_available_bytes",
            of: .server,
            "What is left for PostgreSQL on the filesystem that pg_wal is on.",
            source: "statvfs() beside the server",
            beside
        ) { $0.walFilesystem?.availableBytes },
        .numbers(
            "wal_filesystem_unreadable",
            of: .server,
            by: "reason",
            "1: how full the filesystem of pg_wal is cannot be read, and why: the exporter's user may not look there (permission), there is no such "
                + "directory (missing), the role may not read data_directory (hidden), no answer in a second (timeout), or what else the system says.",
            source: "statvfs() beside the server",
            .from(when: "wal_directory is configured, or the exporter runs beside the server")
        ) { snapshot -> [(String, Bool)] in
            guard snapshot.walFilesystem != nil || snapshot.walFilesystemProblem != nil else { return [] }
            return WALFilesystemProblem.Reason.allCases.map { ($0.rawValue, snapshot.walFilesystemProblem?.reason == $0) }
        },
        .number(
            "wal_filesystem_time_to_full_seconds",
            of: .server,
            "Time until the filesystem of pg_wal is full at the observed rate of growth. Absent while it does not grow.",
            source: "statvfs() beside the server",
            .from(when: "the exporter runs beside the server and the filesystem fills up")
        ) { $0.walFilesystem?.timeToFull },
        .number(
            "wal_summaries_bytes",
            of: .server,
            "Size of all WAL summaries, as of the last listing.",
            source: "pg_ls_summariesdir().size",
            .from(18)
        ) { $0.walSummariesBytes },
        .number(
            "wal_unsummarized_bytes",
            of: .server,
            "WAL not yet summarized; it is kept like the WAL of a slot. One checkpoint's worth is normal.",
            source: "pg_get_wal_summarizer_state()",
            .from(17, when: "summarize_wal is on")
        ) { $0.walSummarizer?.unsummarizedBytes },
    ]
}
