/// Sessions of a primary that wait for standbys at this moment: pg_stat_activity. Only told to roles with pg_read_all_stats.
package struct CommitWaits: Sendable, Hashable {
    /// Commits that wait for a synchronous standby (wait event SyncRep).
    package var sessions: Int64
    /// Seconds since the statement of the one that waits longest began: it has waited so long at most; nil when none waits.
    package var oldestSeconds: Double?
    /// Walsenders and sessions that may not send what a slot of `synchronized_standby_slots` has not confirmed (17+, wait event
    /// WaitForStandbyConfirmation).
    package var confirmations: Int64

    package init(sessions: Int64, oldestSeconds: Double?, confirmations: Int64) {
        self.sessions = sessions
        self.oldestSeconds = oldestSeconds
        self.confirmations = confirmations
    }
}
