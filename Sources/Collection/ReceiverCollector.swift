package import Postgres
package import ReplicationModel

/// The walreceiver, and whether the standby is told to have one.
///
/// primary_conninfo holds a password: the server compares it with '' and takes host and port out of it; no more of it is ever read.
package enum ReceiverCollector: Collector {
    package static let name = CollectorName.receiver

    package static func statement(for server: ServerTraits) -> Statement? {
        server.role == .standby ? statement : nil
    }

    package static func decode(_ rows: RowSet, from server: ServerTraits, into snapshot: inout ServerSnapshot) throws(DecodeError) {
        snapshot.receiver = try rows.single { row throws(DecodeError) in
            let hasConnectionString = try row.optionalBool("has_connection_string")
            let hasSlotName = try row.bool("has_slot_name")
            let hasRestoreCommand = try row.bool("has_restore_command")
            let isRunning = try row.bool("is_running")
            let status = try row.optionalEnumeration("status", as: Receiver.Status.self)
            let session = Receiver.Session(
                status: status ?? .stopped,
                timeline: try row.optionalTimeline("timeline"),
                written: try row.optionalPosition("written"),
                flushed: try row.optionalPosition("flushed"),
                upstreamEnd: try row.optionalPosition("upstream_end"),
                lastMessage: try row.optionalTime("last_message"),
                lastMessageAge: try row.optionalSeconds("last_message_age"),
                transit: try row.optionalSeconds("transit"),
                age: try row.optionalSeconds("age")
            )
            let upstream = Receiver.Upstream(
                host: try row.optionalText("upstream_host", limit: Bounds.setting),
                port: try row.optionalText("upstream_port", limit: Bounds.setting),
                slotName: try row.optionalName("upstream_slot")
            )
            let isKnown = hasConnectionString == true || upstream.host != nil || upstream.slotName != nil
            return Receiver(
                session: status == nil ? nil : session,
                isHidden: isRunning && status == nil,
                hasConnectionString: hasConnectionString,
                hasSlotName: hasSlotName,
                hasRestoreCommand: hasRestoreCommand,
                upstream: isKnown ? upstream : nil
            )
        }
    }

    /// Host and port that the standby is told to stream from. Not looked at while a walreceiver says where it does.
    package static let configuredUpstream = SQL.upstream(
        of:
            "CASE WHEN w.sender_host IS NULL AND pg_catalog.pg_has_role('pg_read_all_settings', 'USAGE') THEN pg_catalog.current_setting('primary_conninfo') END"
    )

    /// One row always, whether there is a walreceiver or not. pg_stat_get_activity() takes NULL for "every session".
    private static let statement = Statement(
        name: "receiver",
        sql: """
            SELECT CASE WHEN pg_catalog.pg_has_role('pg_read_all_settings', 'USAGE') THEN pg_catalog.current_setting('primary_conninfo') <> '' END \
            AS has_connection_string, pg_catalog.current_setting('primary_slot_name') <> '' AS has_slot_name, \
            pg_catalog.current_setting('restore_command') <> '' AS has_restore_command, w.pid IS NOT NULL AS is_running, w.status, \
            w.received_tli::pg_catalog.int8 AS timeline, \(SQL.position("w.written_lsn", as: "written")), \
            \(SQL.position("w.flushed_lsn", as: "flushed")), \(SQL.position("w.latest_end_lsn", as: "upstream_end")), \
            \(SQL.time("w.last_msg_receipt_time", as: "last_message")), \
            \(SQL.time("pg_catalog.clock_timestamp() - w.last_msg_receipt_time", as: "last_message_age")), \
            \(SQL.time("w.last_msg_receipt_time - w.last_msg_send_time", as: "transit")), \
            \(SQL.time("pg_catalog.clock_timestamp() - a.backend_start", as: "age")), \
            coalesce(w.sender_host, u.host) AS upstream_host, \
            CASE WHEN w.sender_host IS NULL THEN u.port ELSE w.sender_port::pg_catalog.text END AS upstream_port, \
            coalesce(w.slot_name, nullif(pg_catalog.current_setting('primary_slot_name'), '')) AS upstream_slot \
            FROM (SELECT 1) one LEFT JOIN pg_catalog.pg_stat_wal_receiver w ON true LEFT JOIN LATERAL pg_catalog.pg_stat_get_activity(coalesce(w.pid, 0)) a ON true \
            LEFT JOIN LATERAL (\(configuredUpstream)) u ON true
            """
    )
}
