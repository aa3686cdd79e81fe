import Judgement
import ReplicationModel

/// Could pg_rewind bring this server back after a failover, or would it take a base backup? Asked before anything happens.
enum RewindMetrics {
    private static let source = "wal_log_hints, data_checksums, full_page_writes, wal_keep_size; pg_control_checkpoint().redo_lsn"

    static let all: [Metric] = [
        .number(
            "rewind_ready",
            of: .server,
            "1: pg_rewind could bring this server back after a failover now; 0: it would take a base backup, see pgwal_rewind_blocker.",
            source: source,
            .from(13, nil, when: "all that it depends on is known")
        ) { RewindReadiness($0).isReady },
        .numbers(
            "rewind_blocker",
            of: .server,
            by: "reason",
            "1: pg_rewind would fail for this reason. wal_not_kept: WAL back to the last checkpoint is not kept, which a slot does not do.",
            source: source,
            .from(13, nil, when: "it is known")
        ) { snapshot in
            let blockers = RewindReadiness(snapshot).blockers
            return RewindReadiness.Blocker.allCases.compactMap { reason in blockers[reason].map { (reason.rawValue, $0) } }
        },
    ]
}
