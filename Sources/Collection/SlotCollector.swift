package import Postgres
package import ReplicationModel

/// Replication slots and what each retains.
package enum SlotCollector: Collector {
    package static let name = CollectorName.slots
    /// Without the current position.
    package static let hasReducedForm = true

    package static func statement(for server: ServerTraits) -> Statement? {
        let forms = server.reduced.contains(name) ? withoutPosition : withPosition
        return server.major >= 19 ? forms.from19 : server.major >= 17 ? forms.from17 : server.major >= 14 ? forms.from14 : forms.from13
    }

    package static func decode(_ rows: RowSet, from server: ServerTraits, into snapshot: inout ServerSnapshot) throws(DecodeError) {
        let isReduced = server.reduced.contains(name)
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
                // A slot that was synchronised stays marked as such when its server is promoted: it is one like any other then.
                isSynced: try row.optionalBool("synced").map { $0 && server.role == .standby },
                syncSkipReason: server.major >= 19 ? try row.optionalEnumeration("skip_reason", as: Slot.SyncSkipReason.self) : nil,
                inactiveSince: try row.optionalTime("inactive_since"),
                current: isReduced ? try row.optionalPosition("current") : try row.position("current")
            )
        }
    }

    private static let withPosition = Forms(current: SQL.current)
    private static let withoutPosition = Forms(current: "NULL::pg_catalog.pg_lsn", suffix: "_reduced")

    private struct Forms: Sendable {
        let from13, from14, from17, from19: Statement

        init(current: String, suffix: String = "") {
            let (truth, text, time) = ("NULL::pg_catalog.bool", "NULL::pg_catalog.text", "NULL::pg_catalog.timestamptz")
            from13 = statement("slots_13" + suffix, current, truth, text, truth, truth, time)
            from14 = statement("slots_14" + suffix, current, "s.two_phase", text, truth, truth, time)
            from17 = statement("slots_17" + suffix, current, "s.two_phase", "s.invalidation_reason", "s.failover", "s.synced", "s.inactive_since")
            from19 = statement(
                "slots_19" + suffix,
                current,
                "s.two_phase",
                "s.invalidation_reason",
                "s.failover",
                "s.synced",
                "s.inactive_since",
                skipReason: "s.slotsync_skip_reason"
            )
        }
    }

    /// safe_wal_size is junk on a standby and for a slot that has never reserved WAL: there it is counted from position 0.
    private static func statement(
        _ name: String,
        _ current: String,
        _ twoPhase: String,
        _ invalidationReason: String,
        _ failover: String,
        _ synced: String,
        _ inactiveSince: String,
        skipReason: String? = nil
    ) -> Statement {
        Statement(
            name: name,
            sql: """
                WITH cur AS MATERIALIZED (SELECT \(current) AS lsn) \
                SELECT s.slot_name, s.slot_type, s.plugin, s.database, s.temporary, s.active, s.wal_status, \
                \(SQL.position("s.restart_lsn", as: "restart")), \(SQL.position("s.confirmed_flush_lsn", as: "confirmed_flush")), \
                CASE WHEN NOT pg_catalog.pg_is_in_recovery() AND s.restart_lsn IS NOT NULL THEN s.safe_wal_size END AS safe_wal, \
                pg_catalog.age(s.xmin)::pg_catalog.int8 AS xmin_age, pg_catalog.age(s.catalog_xmin)::pg_catalog.int8 AS catalog_xmin_age, \(twoPhase) AS two_phase, \
                \(invalidationReason) AS invalidation_reason, \(failover) AS failover, \(synced) AS synced, \(skipReason.map { $0 + " AS skip_reason, " } ?? "")\
                \(SQL.time(inactiveSince, as: "inactive_since")), \(SQL.position("cur.lsn", as: "current")) \
                FROM pg_catalog.pg_replication_slots s CROSS JOIN cur
                """
        )
    }
}
