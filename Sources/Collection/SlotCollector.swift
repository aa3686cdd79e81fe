package import Postgres
package import ReplicationModel

/// Replication slots and what each retains.
package enum SlotCollector: Collector {
    package static let name = CollectorName.slots

    package static func statement(for server: ServerTraits) -> Statement? {
        server.major >= 17 ? from17 : server.major >= 14 ? from14 : from13
    }

    package static func decode(_ rows: RowSet, from server: ServerTraits, into snapshot: inout ServerSnapshot) throws(DecodeError) {
        snapshot.slots = try rows.map { row throws(DecodeError) in
            Slot(
                name: try row.name("slot_name"),
                type: try row.enumeration("slot_type", as: Slot.SlotType.self),
                plugin: try row.optionalName("plugin"),
                database: try row.optionalName("database"),
                isTemporary: try row.bool("temporary"),
                isActive: try row.bool("active"),
                walStatus: try row.optionalEnumeration("wal_status", as: Slot.WALStatus.self),
                restart: try row.optionalPosition("restart"),
                confirmedFlush: try row.optionalPosition("confirmed_flush"),
                safeWALBytes: try row.optionalInt64("safe_wal"),
                xminAge: try row.optionalTransactionAge("xmin_age"),
                catalogXminAge: try row.optionalTransactionAge("catalog_xmin_age"),
                isTwoPhase: try row.optionalBool("two_phase"),
                invalidationReason: try row.optionalEnumeration("invalidation_reason", as: Slot.InvalidationReason.self),
                isFailover: try row.optionalBool("failover"),
                isSynced: try row.optionalBool("synced"),
                inactiveSince: try row.optionalTime("inactive_since"),
                current: try row.position("current")
            )
        }
    }

    private static let from13 = statement("slots_13", "NULL::bool", "NULL::text", "NULL::bool", "NULL::bool", "NULL::timestamptz")
    private static let from14 = statement("slots_14", "s.two_phase", "NULL::text", "NULL::bool", "NULL::bool", "NULL::timestamptz")
    private static let from17 = statement("slots_17", "s.two_phase", "s.invalidation_reason", "s.failover", "s.synced", "s.inactive_since")

    /// safe_wal_size is junk on a standby and for a slot that has never reserved WAL: there it is counted from position 0.
    private static func statement(
        _ name: String,
        _ twoPhase: String,
        _ invalidationReason: String,
        _ failover: String,
        _ synced: String,
        _ inactiveSince: String
    ) -> Statement {
        Statement(
            name: name,
            sql: """
                WITH cur AS MATERIALIZED (SELECT \(SQL.current) AS lsn) \
                SELECT s.slot_name, s.slot_type, s.plugin, s.database, s.temporary, s.active, s.wal_status, \
                \(SQL.position("s.restart_lsn", as: "restart")), \(SQL.position("s.confirmed_flush_lsn", as: "confirmed_flush")), \
                CASE WHEN NOT pg_is_in_recovery() AND s.restart_lsn IS NOT NULL THEN s.safe_wal_size END AS safe_wal, \
                age(s.xmin)::int8 AS xmin_age, age(s.catalog_xmin)::int8 AS catalog_xmin_age, \(twoPhase) AS two_phase, \
                \(invalidationReason) AS invalidation_reason, \(failover) AS failover, \(synced) AS synced, \
                \(SQL.time(inactiveSince, as: "inactive_since")), \(SQL.position("cur.lsn", as: "current")) \
                FROM pg_replication_slots s CROSS JOIN cur
                """
        )
    }
}
