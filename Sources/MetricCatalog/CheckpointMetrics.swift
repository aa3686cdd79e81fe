import Exposition
import ReplicationModel

/// Checkpoints, and how much a crash recovery would replay.
enum CheckpointMetrics {
    static let all: [Metric] = [
        .number(
            "checkpoint_timestamp_seconds",
            of: .server,
            "When the last checkpoint (standby: restartpoint) was begun, Unix time.",
            source: "pg_control_checkpoint().checkpoint_time"
        ) { $0.checkpoints?.lastCheckpoint },
        .number(
            "checkpoint_redo_distance_bytes",
            of: .server,
            "WAL from the last checkpoint's redo position to the current position: what a crash recovery would replay.",
            source: "pg_control_checkpoint().redo_lsn"
        ) { snapshot -> Int64? in
            guard let redo = snapshot.checkpoints?.redo, let current = snapshot.currentPosition else { return nil }
            return current.lag(of: redo)
        },
        .numbers(
            "checkpoints_total",
            .counter,
            of: .server,
            by: "kind",
            "Checkpoints by what began them; until 16 a standby's restartpoints are counted here.",
            source: "pg_stat_bgwriter.checkpoints_timed, _req; 17+: pg_stat_checkpointer.num_timed, num_requested"
        ) { $0.checkpoints.map { [("timed", $0.timed), ("requested", $0.requested)] } ?? [] },
        .numbers(
            "restartpoints_total",
            .counter,
            of: .server,
            by: "kind",
            "Restartpoints begun by kind; many of the timed ones find nothing to do.",
            source: "pg_stat_checkpointer.restartpoints_timed, restartpoints_req",
            .from(17)
        ) { $0.checkpoints?.restartpoints.map { [("timed", $0.timed), ("requested", $0.requested)] } ?? [] },
        .number(
            "restartpoints_done_total",
            .counter,
            of: .server,
            "Restartpoints that were carried out.",
            source: "pg_stat_checkpointer.restartpoints_done",
            .from(17)
        ) { $0.checkpoints?.restartpoints?.done },
    ]
}
