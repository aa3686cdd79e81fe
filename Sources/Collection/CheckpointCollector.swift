package import Postgres
package import ReplicationModel

/// Checkpoints: counters and the control file.
package enum CheckpointCollector: Collector {
    package static let name = CollectorName.checkpoints

    package static func statement(for server: ServerTraits) -> Statement? {
        server.major >= 17 ? from17 : from13
    }

    package static func decode(_ rows: RowSet, from server: ServerTraits, into snapshot: inout ServerSnapshot) throws(DecodeError) {
        snapshot.checkpoints = try rows.single { row throws(DecodeError) in
            let timed = try row.count("timed")
            let requested = try row.count("requested")
            var restartpoints: Checkpoints.Restartpoints?
            if server.major >= 17 {
                restartpoints = .init(
                    timed: try row.count("restartpoints_timed"),
                    requested: try row.count("restartpoints_requested"),
                    done: try row.count("restartpoints_done")
                )
            }
            return Checkpoints(
                timed: timed,
                requested: requested,
                restartpoints: restartpoints,
                lastCheckpoint: try row.time("last_checkpoint"),
                redo: try row.position("redo"),
                timeline: try row.timeline("timeline"),
                minimumRecoveryTimeline: try row.timeline("minimum_recovery_timeline")
            )
        }
    }

    private static let controlFile = """
        \(SQL.time("c.checkpoint_time", as: "last_checkpoint")), \(SQL.position("c.redo_lsn", as: "redo")), \
        c.timeline_id::int8 AS timeline, r.min_recovery_end_timeline::int8 AS minimum_recovery_timeline
        """

    private static let from13 = Statement(
        name: "checkpoints_13",
        sql: """
            SELECT b.checkpoints_timed AS timed, b.checkpoints_req AS requested, \(controlFile) \
            FROM pg_stat_bgwriter b, pg_control_checkpoint() c, pg_control_recovery() r
            """
    )

    private static let from17 = Statement(
        name: "checkpoints_17",
        sql: """
            SELECT s.num_timed AS timed, s.num_requested AS requested, s.restartpoints_timed, \
            s.restartpoints_req AS restartpoints_requested, s.restartpoints_done, \(controlFile) \
            FROM pg_stat_checkpointer s, pg_control_checkpoint() c, pg_control_recovery() r
            """
    )
}
