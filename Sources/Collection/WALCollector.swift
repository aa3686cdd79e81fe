package import Postgres
package import ReplicationModel

/// Positions: what a primary writes, what a standby has received and replayed.
package enum WALCollector: Collector {
    package static let name = CollectorName.wal

    package static func statement(for server: ServerTraits) -> Statement? {
        switch server.role {
        case .primary: server.major >= 19 ? primaryWithLevel : primary
        case .standby: server.major >= 19 ? standbyWithTimeline : server.major >= 14 ? standby : standbyOf13
        }
    }

    package static func decode(_ rows: RowSet, from server: ServerTraits, into snapshot: inout ServerSnapshot) throws(DecodeError) {
        switch server.role {
        case .primary:
            let ended: Int64
            (snapshot.effectiveWALLevel, snapshot.primaryWAL, snapshot.commitWaits, ended) = try rows.single { row throws(DecodeError) in
                (try level(&row, server), try decodePrimary(&row), try decodeWaits(&row), try row.int64("ended"))
            }
            snapshot.primaryWAL?.endedTransactions = ended
        case .standby:
            (snapshot.effectiveWALLevel, snapshot.recovery) = try rows.single { row throws(DecodeError) in
                (try level(&row, server), try decodeStandby(&row))
            }
        }
    }

    private static func level(_ row: inout Row, _ server: ServerTraits) throws(DecodeError) -> String? {
        server.major >= 19 ? try row.text("effective_wal_level", limit: Bounds.setting) : nil
    }

    private static func decodePrimary(_ row: inout Row) throws(DecodeError) -> PrimaryWAL {
        PrimaryWAL(
            inserted: try row.position("inserted"),
            written: try row.position("written"),
            flushed: try row.position("flushed"),
            timeline: try row.timeline("timeline"),
            lastReplayed: try row.optionalPosition("last_replayed")
        )
    }

    /// nil: hidden from the role.
    private static func decodeWaits(_ row: inout Row) throws(DecodeError) -> CommitWaits? {
        let sessions = try row.optionalCount("sync_waiting")
        let oldest = try row.optionalDuration("sync_oldest")
        let confirmations = try row.optionalCount("confirming")
        guard let sessions, let confirmations else { return nil }
        return CommitWaits(sessions: sessions, oldestSeconds: oldest, confirmations: confirmations)
    }

    private static func decodeStandby(_ row: inout Row) throws(DecodeError) -> Recovery {
        Recovery(
            received: try row.optionalPosition("received"),
            replayed: try row.optionalPosition("replayed"),
            lastReplayedTransaction: try row.optionalTime("last_replayed_transaction"),
            pauseState: try row.enumeration("pause_state", as: ReplayPauseState.self),
            timeline: try row.optionalTimeline("timeline"),
            isEndKnown: try row.optionalBool("end_is_known")
        )
    }

    /// Who waits is asked for along with the positions, where anybody can: without a setting that makes sessions wait for standbys the sessions are
    /// not looked at, and nobody waits. NULL where the role may not see it.
    private static let primary = primaryStatement("wal_primary", level: "")

    /// No reload goes with a change of this setting, so it is asked for every time.
    private static let primaryWithLevel = primaryStatement("wal_primary_19", level: effectiveLevel)

    private static let effectiveLevel = "pg_catalog.current_setting('effective_wal_level') AS effective_wal_level, "

    private static func primaryStatement(_ name: String, level: String) -> Statement {
        Statement(
            name: name,
            sql: """
                SELECT \(level)\(SQL.position("pg_catalog.pg_current_wal_insert_lsn()", as: "inserted")), \
                \(SQL.position("pg_catalog.pg_current_wal_lsn()", as: "written")), \
                \(SQL.position("pg_catalog.pg_current_wal_flush_lsn()", as: "flushed")), \
                ('x' || pg_catalog.substr(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_lsn()), 1, 8))::bit(32)::pg_catalog.int8 AS timeline, \
                \(SQL.position("pg_catalog.pg_last_wal_replay_lsn()", as: "last_replayed")), \
                CASE WHEN p.may_see THEN coalesce(w.sync_waiting, 0) END AS sync_waiting, \(SQL.time("w.sync_oldest", as: "sync_oldest")), \
                CASE WHEN p.may_see THEN coalesce(w.confirming, 0) END AS confirming, \(SQL.endedTransactions) AS ended \
                FROM (SELECT pg_catalog.pg_has_role('pg_read_all_stats', 'USAGE') AS may_see) p LEFT JOIN LATERAL (\
                SELECT pg_catalog.count(*) FILTER (WHERE a.wait_event = 'SyncRep') AS sync_waiting, \
                greatest(pg_catalog.clock_timestamp() - pg_catalog.min(a.query_start) FILTER (WHERE a.wait_event = 'SyncRep'), '0') AS sync_oldest, \
                pg_catalog.count(*) FILTER (WHERE a.wait_event = 'WaitForStandbyConfirmation') AS confirming \
                FROM pg_catalog.pg_stat_get_activity(NULL) a) w ON p.may_see AND (pg_catalog.current_setting('synchronous_standby_names') <> '' \
                OR coalesce(pg_catalog.current_setting('synchronized_standby_slots', true), '') <> '')
                """
        )
    }

    private static let standby = standbyStatement(
        "wal_standby",
        pause: "pg_catalog.pg_get_wal_replay_pause_state()",
        timeline: "NULL::pg_catalog.int8"
    )

    /// PostgreSQL 13 has one function, true as soon as a pause was requested.
    private static let standbyOf13 = standbyStatement(
        "wal_standby_13",
        pause: "CASE WHEN pg_catalog.pg_is_wal_replay_paused() THEN 'pause requested' ELSE 'not paused' END",
        timeline: "NULL::pg_catalog.int8"
    )

    private static let standbyWithTimeline = standbyStatement(
        "wal_standby_19",
        pause: "pg_catalog.pg_get_wal_replay_pause_state()",
        timeline: "(SELECT replay_end_tli::pg_catalog.int8 FROM pg_catalog.pg_stat_recovery)",
        level: effectiveLevel
    )

    /// Replayed is read before received: the other way round, replay could seem to be ahead of what was received.
    private static func standbyStatement(_ name: String, pause: String, timeline: String, level: String = "") -> Statement {
        Statement(
            name: name,
            sql: """
                SELECT \(level)\(SQL.position("r.received", as: "received")), \(SQL.position("r.replayed", as: "replayed")), \
                \(SQL.time("r.commit_time", as: "last_replayed_transaction")), r.pause_state, r.timeline, r.end_is_known \
                FROM (SELECT \(SQL.endIsKnown) AS end_is_known, pg_catalog.pg_last_wal_replay_lsn() AS replayed, pg_catalog.pg_last_wal_receive_lsn() AS received, \
                pg_catalog.pg_last_xact_replay_timestamp() AS commit_time, \(pause) AS pause_state, \(timeline) AS timeline) r
                """
        )
    }
}
