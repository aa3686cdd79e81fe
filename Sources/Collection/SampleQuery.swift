package import Postgres
package import ReplicationModel

/// The sampler's question, asked between scrapes: where the WAL ends now, how far each streaming standby has flushed and replayed, and which slots
/// are lost: such a one may be made anew by Patroni before the next scrape.
package enum SampleQuery {
    /// One row a streaming walsender, or one row without any; and one a lost slot, with its name alone.
    ///
    /// On a standby the end is the upstream's as it was last told, if that is ahead of what was received.
    package static let statement = Statement(
        name: "sample",
        sql: """
            WITH cur AS MATERIALIZED (SELECT CASE WHEN pg_catalog.pg_is_in_recovery() THEN greatest(pg_catalog.pg_last_wal_receive_lsn(), \
            pg_catalog.pg_last_wal_replay_lsn(), (SELECT latest_end_lsn FROM pg_catalog.pg_stat_wal_receiver)) ELSE pg_catalog.pg_current_wal_lsn() END AS lsn) \
            SELECT \(SQL.position("cur.lsn", as: "wal_end")), r.application_name, pg_catalog.host(r.client_addr) AS client_addr, s.slot_name, \
            s.temporary, \(SQL.position("r.flush_lsn", as: "flushed")), \(SQL.position("r.replay_lsn", as: "replayed")), \
            NULL::pg_catalog.name AS lost_slot FROM cur \
            LEFT JOIN pg_catalog.pg_stat_replication r ON r.state = 'streaming' \
            LEFT JOIN pg_catalog.pg_replication_slots s ON s.active_pid = r.pid \
            UNION ALL (SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, slot_name FROM pg_catalog.pg_replication_slots \
            WHERE wal_status = 'lost' AND NOT temporary LIMIT 1000)
            """
    )

    /// - Throws: `DecodeError`.
    package static func decode(_ rows: RowSet) throws(DecodeError) -> WALSample {
        var end: LSN?
        var lostSlots: [String] = []
        let walsenders = try rows.map { row throws(DecodeError) -> WALSample.Walsender? in
            let endHere = try row.optionalPosition("wal_end")
            let name = try row.optionalName("application_name")
            let address = try row.optionalName("client_addr")
            let slot = try row.optionalName("slot_name")
            let isTemporary = try row.optionalBool("temporary") ?? false
            let flushed = try row.optionalPosition("flushed")
            let replayed = try row.optionalPosition("replayed")
            if let lost = try row.optionalName("lost_slot") {
                lostSlots.append(lost)
                return nil
            }
            end = endHere
            guard let name, flushed != nil || replayed != nil else { return nil }
            let key = WalsenderKey(applicationName: name, clientAddress: address, slotName: slot, slotIsTemporary: isTemporary)
            return WALSample.Walsender(key: key, flushed: flushed, replayed: replayed)
        }
        return WALSample(end: end, walsenders: walsenders.compactMap(\.self), lostSlots: lostSlots)
    }
}
