import Exposition
import ReplicationModel

/// Replay itself: cancelled queries and prefetching.
enum RecoveryMetrics {
    private static let prefetching = Metric.Availability.from(15, .standby)

    static let all: [Metric] = [
        .numbers(
            "recovery_conflicts_total",
            .counter,
            of: .server,
            by: "conflict",
            "Queries cancelled by replay, summed over the databases.",
            source: "pg_stat_database_conflicts",
            .from(13, .standby)
        ) { ($0.recoveryConflicts ?? []).map { ($0.kind.rawValue, $0.count) } },
        prefetch("prefetched_blocks_total", .counter, "Blocks prefetched because they were not in the buffer pool.", "prefetch", \.prefetched),
        prefetch("hits_total", .counter, "Blocks not prefetched because they were in the buffer pool.", "hit", \.hits),
        prefetch("skipped_init_total", .counter, "Blocks not prefetched because they would be zero-initialized.", "skip_init", \.skippedZeroed),
        prefetch("skipped_new_total", .counter, "Blocks not prefetched because they did not exist yet.", "skip_new", \.skippedNew),
        prefetch("skipped_full_page_total", .counter, "Blocks not prefetched because the WAL held a full-page image.", "skip_fpw", \.skippedFullPage),
        prefetch("skipped_repeated_total", .counter, "Blocks not prefetched because they already were recently.", "skip_rep", \.skippedRepeated),
        prefetch("wal_distance_bytes", .gauge, "How far ahead of replay the prefetcher looks, in WAL.", "wal_distance", \.walDistanceBytes),
        prefetch("block_distance", .gauge, "How far ahead of replay the prefetcher looks, in blocks.", "block_distance", \.blockDistance),
        prefetch("io_depth", .gauge, "Prefetches begun and not yet known to be finished.", "io_depth", \.ioDepth),
    ]

    private static func prefetch(
        _ name: String,
        _ type: MetricType,
        _ help: String,
        _ column: String,
        _ value: @escaping @Sendable (RecoveryPrefetch) -> Int64
    ) -> Metric {
        .number(
            "recovery_prefetch_" + name,
            type,
            of: .server,
            help,
            source: "pg_stat_recovery_prefetch." + column,
            prefetching
        ) { $0.recoveryPrefetch.map(value) }
    }
}
