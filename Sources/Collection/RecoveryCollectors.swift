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
                prefetched: try row.int64("prefetch"),
                hits: try row.int64("hit"),
                skippedZeroed: try row.int64("skip_init"),
                skippedNew: try row.int64("skip_new"),
                skippedFullPage: try row.int64("skip_fpw"),
                skippedRepeated: try row.int64("skip_rep"),
                walDistanceBytes: try row.int64("wal_distance"),
                blockDistance: try row.int64("block_distance"),
                ioDepth: try row.int64("io_depth")
            )
        }
    }

    private static let statement = Statement(
        name: "recovery_prefetch",
        sql: """
            SELECT prefetch, hit, skip_init, skip_new, skip_fpw, skip_rep, wal_distance, block_distance, io_depth \
            FROM pg_stat_recovery_prefetch
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
                RecoveryConflict(kind: .tablespace, count: try row.int64("tablespace")),
                RecoveryConflict(kind: .lock, count: try row.int64("lock")),
                RecoveryConflict(kind: .snapshot, count: try row.int64("snapshot")),
                RecoveryConflict(kind: .bufferpin, count: try row.int64("bufferpin")),
                RecoveryConflict(kind: .deadlock, count: try row.int64("deadlock")),
            ]
            if server.major >= 16 {
                conflicts.append(RecoveryConflict(kind: .activeLogicalSlot, count: try row.int64("active_logical_slot")))
            }
            return conflicts
        }
    }

    private static let columns = """
        sum(confl_tablespace)::int8 AS tablespace, sum(confl_lock)::int8 AS lock, sum(confl_snapshot)::int8 AS snapshot, \
        sum(confl_bufferpin)::int8 AS bufferpin, sum(confl_deadlock)::int8 AS deadlock
        """

    private static let from13 = Statement(
        name: "recovery_conflicts_13",
        sql: "SELECT \(columns) FROM pg_stat_database_conflicts"
    )

    private static let from16 = Statement(
        name: "recovery_conflicts_16",
        sql: "SELECT \(columns), sum(confl_active_logicalslot)::int8 AS active_logical_slot FROM pg_stat_database_conflicts"
    )
}
