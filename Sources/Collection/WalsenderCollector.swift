package import Postgres
package import ReplicationModel

/// Connected standbys, base backups and logical consumers.
package enum WalsenderCollector: Collector {
    package static let name = CollectorName.walsenders
    /// Without the current position.
    package static let hasReducedForm = true

    package static func statement(for server: ServerTraits) -> Statement? {
        server.reduced.contains(name) ? withoutPosition : withPosition
    }

    package static func decode(_ rows: RowSet, from server: ServerTraits, into snapshot: inout ServerSnapshot) throws(DecodeError) {
        let isReduced = server.reduced.contains(name)
        let walsenders = try rows.map { row throws(DecodeError) in try decode(&row, isReduced: isReduced) }
        snapshot.walsenders = walsenders.compactMap(\.self)
        snapshot.hiddenWalsenders = walsenders.count { $0 == nil }
    }

    /// nil: the row's values are hidden from this role.
    private static func decode(_ row: inout Row, isReduced: Bool) throws(DecodeError) -> Walsender? {
        let applicationName = try row.name("application_name")
        let clientAddress = try row.optionalName("client_addr")
        let state = try row.optionalEnumeration("state", as: Walsender.State.self)
        let walsender = Walsender(
            applicationName: applicationName,
            clientAddress: clientAddress,
            slotName: try row.optionalName("slot_name"),
            slotIsTemporary: try row.optionalBool("temporary") ?? false,
            state: state ?? .startup,
            syncState: try row.optionalEnumeration("sync_state", as: Walsender.SyncState.self),
            syncPriority: try row.optionalCount("sync_priority"),
            current: isReduced ? try row.optionalPosition("current") : try row.position("current"),
            sent: try row.optionalPosition("sent"),
            written: try row.optionalPosition("written"),
            flushed: try row.optionalPosition("flushed"),
            replayed: try row.optionalPosition("replayed"),
            writeLag: try row.optionalDuration("write_lag"),
            flushLag: try row.optionalDuration("flush_lag"),
            replayLag: try row.optionalDuration("replay_lag"),
            reply: try row.optionalTime("reply"),
            started: try row.optionalTime("started"),
            xminAge: try row.optionalTransactionAge("xmin_age"),
            slotIsAhead: try row.optionalBool("slot_is_ahead") ?? false,
            isEndKnown: try row.optionalBool("end_is_known") ?? false
        )
        return state == nil ? nil : walsender
    }

    private static let withPosition = statement("walsenders", current: SQL.current, endIsKnown: SQL.endIsKnown)
    private static let withoutPosition = statement("walsenders_reduced", current: "NULL::pg_catalog.pg_lsn", endIsKnown: "false")

    /// The current position is read after the walsenders' rows could have been: MATERIALIZED, so it is read once, before them.
    private static func statement(_ name: String, current: String, endIsKnown: String) -> Statement {
        Statement(
            name: name,
            sql: """
                WITH cur AS MATERIALIZED (SELECT \(current) AS lsn, \
                CASE WHEN pg_catalog.pg_is_in_recovery() THEN (\(endIsKnown)) ELSE true END AS end_is_known) \
                SELECT coalesce(r.application_name, '') AS application_name, pg_catalog.host(r.client_addr) AS client_addr, r.state, s.slot_name, \
                s.temporary, r.sync_state, r.sync_priority::pg_catalog.int8 AS sync_priority, \(SQL.position("cur.lsn", as: "current")), \
                \(SQL.position("r.sent_lsn", as: "sent")), \(SQL.position("r.write_lsn", as: "written")), \
                \(SQL.position("r.flush_lsn", as: "flushed")), \(SQL.position("r.replay_lsn", as: "replayed")), \
                \(SQL.time("r.write_lag", as: "write_lag")), \(SQL.time("r.flush_lag", as: "flush_lag")), \
                \(SQL.time("r.replay_lag", as: "replay_lag")), \(SQL.time("r.reply_time", as: "reply")), \
                \(SQL.time("r.backend_start", as: "started")), pg_catalog.age(r.backend_xmin)::pg_catalog.int8 AS xmin_age, \
                s.slot_type = 'physical' AND s.restart_lsn > cur.lsn AS slot_is_ahead, cur.end_is_known \
                FROM pg_catalog.pg_stat_replication r CROSS JOIN cur LEFT JOIN pg_catalog.pg_replication_slots s ON s.active_pid = r.pid
                """
        )
    }
}
