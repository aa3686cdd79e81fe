/// Checkpoints and the control file: pg_stat_bgwriter (13–16) or pg_stat_checkpointer (17+), and `pg_control_checkpoint()`. What is of the
/// control file is nil where the server does not show it.
package struct Checkpoints: Sendable, Hashable {
    /// Until 16 a standby's restartpoints are counted here too.
    package var timed: Int64
    package var requested: Int64
    /// 17+
    package var restartpoints: Restartpoints?
    /// When the last checkpoint (standby: restartpoint) was begun, Unix time.
    package var lastCheckpoint: Double?
    /// Where a crash recovery would begin to replay.
    package var redo: LSN?
    /// The most WAL that there was beyond `redo` since the checkpoint before the last one: what a checkpoint cycle comes to, whatever moment of one it is
    /// now. nil where no whole cycle was seen.
    package var cycleBytes: Int64?
    /// `timeline_id` of the last checkpoint: stale after a promotion, and on a standby, until the next one.
    package var timeline: Int64?
    /// `pg_control_recovery().min_recovery_end_timeline`; 0 on a primary.
    package var minimumRecoveryTimeline: Int64?

    /// Counters of pg_stat_checkpointer (17+).
    package struct Restartpoints: Sendable, Hashable {
        package var timed: Int64
        package var requested: Int64
        package var done: Int64

        package init(timed: Int64, requested: Int64, done: Int64) {
            self.timed = timed
            self.requested = requested
            self.done = done
        }
    }

    package init(
        timed: Int64,
        requested: Int64,
        restartpoints: Restartpoints?,
        lastCheckpoint: Double?,
        redo: LSN?,
        timeline: Int64?,
        minimumRecoveryTimeline: Int64?
    ) {
        self.timed = timed
        self.requested = requested
        self.restartpoints = restartpoints
        self.lastCheckpoint = lastCheckpoint
        self.redo = redo
        self.timeline = timeline
        self.minimumRecoveryTimeline = minimumRecoveryTimeline
    }
}
