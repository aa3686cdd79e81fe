package import Postgres
package import ReplicationModel

/// The walreceiver, and whether the standby is told to have one.
///
/// primary_conninfo holds a password: it is compared with '' on the server and never read.
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
                timeline: try row.optionalInt64("timeline"),
                written: try row.optionalInt64("written").map(LSN.init),
                flushed: try row.optionalInt64("flushed").map(LSN.init),
                upstreamEnd: try row.optionalInt64("upstream_end").map(LSN.init),
                lastMessage: try row.optionalDouble("last_message"),
                lastMessageAge: try row.optionalDouble("last_message_age"),
                transit: try row.optionalDouble("transit"),
                age: try row.optionalDouble("age")
            )
            return Receiver(
                session: status == nil ? nil : session,
                isHidden: isRunning && status == nil,
                hasConnectionString: hasConnectionString,
                hasSlotName: hasSlotName,
                hasRestoreCommand: hasRestoreCommand
            )
        }
    }

    /// One row always, whether there is a walreceiver or not. pg_stat_get_activity() takes NULL for "every session".
    private static let statement = Statement(
        name: "receiver",
        sql: """
            SELECT CASE WHEN pg_has_role('pg_read_all_settings', 'USAGE') THEN current_setting('primary_conninfo') <> '' END \
            AS has_connection_string, current_setting('primary_slot_name') <> '' AS has_slot_name, \
            current_setting('restore_command') <> '' AS has_restore_command, w.pid IS NOT NULL AS is_running, w.status, \
            w.received_tli::int8 AS timeline, \(SQL.position("w.written_lsn", as: "written")), \
            \(SQL.position("w.flushed_lsn", as: "flushed")), \(SQL.position("w.latest_end_lsn", as: "upstream_end")), \
            \(SQL.time("w.last_msg_receipt_time", as: "last_message")), \
            \(SQL.time("clock_timestamp() - w.last_msg_receipt_time", as: "last_message_age")), \
            \(SQL.time("w.last_msg_receipt_time - w.last_msg_send_time", as: "transit")), \
            \(SQL.time("clock_timestamp() - a.backend_start", as: "age")) \
            FROM (SELECT 1) one LEFT JOIN pg_stat_wal_receiver w ON true LEFT JOIN LATERAL pg_stat_get_activity(coalesce(w.pid, 0)) a ON true
            """
    )
}
