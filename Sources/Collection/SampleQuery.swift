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
            pg_catalog.pg_last_wal_replay_lsn(), w.latest_end_lsn) ELSE pg_catalog.pg_current_wal_lsn() END AS lsn, \
            pg_catalog.pg_is_in_recovery() AS standby, \
            CASE WHEN NOT pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_current_wal_insert_lsn() END AS inserted, \
            CASE WHEN NOT pg_catalog.pg_is_in_recovery() THEN \(SQL.endedTransactions) END AS ended, w.last_message, w.message_age, w.session_age FROM (SELECT 1) one LEFT JOIN (\
            SELECT r.latest_end_lsn, CASE WHEN \(isReceiving) THEN \(SQL.seconds("r.last_msg_receipt_time")) END AS last_message, \
            CASE WHEN \(isReceiving) THEN \(SQL.seconds("pg_catalog.clock_timestamp() - r.last_msg_receipt_time")) END AS message_age, \
            \(SQL.time("pg_catalog.clock_timestamp() - a.backend_start", as: "session_age")) FROM pg_catalog.pg_stat_wal_receiver r \
            LEFT JOIN LATERAL pg_catalog.pg_stat_get_activity(r.pid) a ON true) w ON true) \
            SELECT \(SQL.position("cur.lsn", as: "wal_end")), cur.standby, \(SQL.position("cur.inserted", as: "inserted")), cur.ended, cur.last_message, cur.message_age, cur.session_age, \
            r.application_name, pg_catalog.host(r.client_addr) AS client_addr, s.slot_name, \
            s.temporary, \(SQL.position("r.flush_lsn", as: "flushed")), \(SQL.position("r.replay_lsn", as: "replayed")), \
            NULL::pg_catalog.name AS lost_slot FROM cur \
            LEFT JOIN pg_catalog.pg_stat_replication r ON r.state = 'streaming' \
            LEFT JOIN pg_catalog.pg_replication_slots s ON s.active_pid = r.pid \
            UNION ALL (SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, slot_name FROM pg_catalog.pg_replication_slots \
            WHERE wal_status = 'lost' AND NOT temporary LIMIT 1000)
            """
    )

    /// A walreceiver that has heard of its upstream: it begins with one and the same time for sent and received, and what it is told first may be where
    /// the walsender begins, which is before what was received long ago.
    private static let isReceiving =
        "r.status = 'streaming' AND r.latest_end_lsn >= coalesce(pg_catalog.pg_last_wal_receive_lsn(), r.latest_end_lsn) "
        + "AND r.last_msg_receipt_time <> r.last_msg_send_time"

    /// - Throws: `DecodeError`.
    package static func decode(_ rows: RowSet) throws(DecodeError) -> WALSample {
        var end: LSN?
        var isStandby = false
        var inserted: LSN?
        var ended: Int64?
        var upstream: WALSample.Upstream?
        var lostSlots: [String] = []
        let walsenders = try rows.map { row throws(DecodeError) -> WALSample.Walsender? in
            let endHere = try row.optionalPosition("wal_end")
            let isStandbyHere = try row.optionalBool("standby") ?? false
            let insertedHere = try row.optionalPosition("inserted")
            let endedHere = try row.optionalInt64("ended")
            let lastMessage = try row.optionalTime("last_message")
            let messageAge = try row.optionalSeconds("message_age")
            let sessionAge = try row.optionalSeconds("session_age")
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
            (end, isStandby, inserted, ended) = (endHere, isStandbyHere, insertedHere, endedHere)
            upstream = lastMessage.flatMap { message in messageAge.map { .init(lastMessage: message, messageAge: $0, sessionAge: sessionAge) } }
            guard let name, flushed != nil || replayed != nil else { return nil }
            let key = WalsenderKey(applicationName: name, clientAddress: address, slotName: slot, slotIsTemporary: isTemporary)
            return WALSample.Walsender(key: key, flushed: flushed, replayed: replayed)
        }
        var sample = WALSample(end: end, isStandby: isStandby, upstream: upstream, walsenders: walsenders.compactMap(\.self), lostSlots: lostSlots)
        (sample.inserted, sample.endedTransactions) = (inserted, ended)
        return sample
    }
}
