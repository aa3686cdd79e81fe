package import Postgres
package import ReplicationModel

/// Prefetching during replay (15+).
package enum RecoveryPrefetchCollector: Collector {
    package static let name = CollectorName.recoveryPrefetch

    package static func statement(for server: ServerTraits) -> Statement? {
        server.role == .standby && server.major >= 15 ? statement : nil
    }

    package static func decode(_ rows: RowSet, from server: ServerTraits, into snapshot: inout ServerSnapshot) throws(DecodeError) {
        snapshot.recoveryPrefetch = try rows.single { row throws(DecodeError) in
            RecoveryPrefetch(
                prefetched: try row.count("prefetch"),
                hits: try row.count("hit"),
                skippedZeroed: try row.count("skip_init"),
                skippedNew: try row.count("skip_new"),
                skippedFullPage: try row.count("skip_fpw"),
                skippedRepeated: try row.count("skip_rep"),
                walDistanceBytes: try row.count("wal_distance"),
                blockDistance: try row.count("block_distance"),
                ioDepth: try row.count("io_depth")
            )
        }
    }

    private static let statement = Statement(
        name: "recovery_prefetch",
        sql: """
            SELECT prefetch, hit, skip_init, skip_new, skip_fpw, skip_rep, wal_distance, block_distance, io_depth \
            FROM pg_catalog.pg_stat_recovery_prefetch
            """
    )
}

/// Queries that replay cancelled.
package enum RecoveryConflictCollector: Collector {
    package static let name = CollectorName.recoveryConflicts

    package static func statement(for server: ServerTraits) -> Statement? {
        guard server.role == .standby else { return nil }
        return server.major >= 16 ? from16 : from13
    }

    package static func decode(_ rows: RowSet, from server: ServerTraits, into snapshot: inout ServerSnapshot) throws(DecodeError) {
        snapshot.recoveryConflicts = try rows.single { row throws(DecodeError) in
            var conflicts = [
                RecoveryConflict(kind: .tablespace, count: try row.count("tablespace")),
                RecoveryConflict(kind: .lock, count: try row.count("lock")),
                RecoveryConflict(kind: .snapshot, count: try row.count("snapshot")),
                RecoveryConflict(kind: .bufferpin, count: try row.count("bufferpin")),
                RecoveryConflict(kind: .deadlock, count: try row.count("deadlock")),
            ]
            if server.major >= 16 {
                conflicts.append(RecoveryConflict(kind: .activeLogicalSlot, count: try row.count("active_logical_slot")))
            }
            return conflicts
        }
    }

    private static let columns = """
        pg_catalog.sum(confl_tablespace)::pg_catalog.int8 AS tablespace, pg_catalog.sum(confl_lock)::pg_catalog.int8 AS lock, pg_catalog.sum(confl_snapshot)::pg_catalog.int8 AS snapshot, \
        pg_catalog.sum(confl_bufferpin)::pg_catalog.int8 AS bufferpin, pg_catalog.sum(confl_deadlock)::pg_catalog.int8 AS deadlock
        """

    private static let from13 = Statement(
        name: "recovery_conflicts_13",
        sql: "SELECT \(columns) FROM pg_catalog.pg_stat_database_conflicts"
    )

    private static let from16 = Statement(
        name: "recovery_conflicts_16",
        sql:
            "SELECT \(columns), pg_catalog.sum(confl_active_logicalslot)::pg_catalog.int8 AS active_logical_slot FROM pg_catalog.pg_stat_database_conflicts"
    )
}
