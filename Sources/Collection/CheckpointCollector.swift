package import Postgres
package import ReplicationModel

/// Checkpoints: counters and the control file.
package enum CheckpointCollector: Collector {
    package static let name = CollectorName.checkpoints
    /// Without the control file.
    package static let hasReducedForm = true

    package static func statement(for server: ServerTraits) -> Statement? {
        let forms = server.reduced.contains(name) ? countersOnly : whole
        return server.major >= 17 ? forms.from17 : forms.from13
    }

    package static func decode(_ rows: RowSet, from server: ServerTraits, into snapshot: inout ServerSnapshot) throws(DecodeError) {
        let isReduced = server.reduced.contains(name)
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
                lastCheckpoint: isReduced ? try row.optionalTime("last_checkpoint") : try row.time("last_checkpoint"),
                redo: isReduced ? try row.optionalPosition("redo") : try row.position("redo"),
                timeline: isReduced ? try row.optionalTimeline("timeline") : try row.timeline("timeline"),
                minimumRecoveryTimeline: isReduced
                    ? try row.optionalTimeline("minimum_recovery_timeline") : try row.timeline("minimum_recovery_timeline")
            )
        }
    }

    private static let whole = Forms(
        controlFile: """
            \(SQL.time("c.checkpoint_time", as: "last_checkpoint")), \(SQL.position("c.redo_lsn", as: "redo")), \
            c.timeline_id::pg_catalog.int8 AS timeline, r.min_recovery_end_timeline::pg_catalog.int8 AS minimum_recovery_timeline
            """,
        from: ", pg_catalog.pg_control_checkpoint() c, pg_catalog.pg_control_recovery() r"
    )

    private static let countersOnly = Forms(
        controlFile: "NULL AS last_checkpoint, NULL AS redo, NULL AS timeline, NULL AS minimum_recovery_timeline",
        from: "",
        suffix: "_reduced"
    )

    private struct Forms: Sendable {
        let from13, from17: Statement

        init(controlFile: String, from more: String, suffix: String = "") {
            from13 = Statement(
                name: "checkpoints_13" + suffix,
                sql: """
                    SELECT b.checkpoints_timed AS timed, b.checkpoints_req AS requested, \(controlFile) \
                    FROM pg_catalog.pg_stat_bgwriter b\(more)
                    """
            )
            from17 = Statement(
                name: "checkpoints_17" + suffix,
                sql: """
                    SELECT s.num_timed AS timed, s.num_requested AS requested, s.restartpoints_timed, \
                    s.restartpoints_req AS restartpoints_requested, s.restartpoints_done, \(controlFile) \
                    FROM pg_catalog.pg_stat_checkpointer s\(more)
                    """
            )
        }
    }
}
