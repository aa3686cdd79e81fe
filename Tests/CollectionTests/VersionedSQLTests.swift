import Collection
import Postgres
import ReplicationModel
import Testing

/// Columns that came, went or were renamed between versions.
struct VersionedSQLTests {
    @Test(
        "A statement names what its version has",
        arguments: [
            (.slots, 13, .primary, "NULL::pg_catalog.bool AS two_phase"),
            (.slots, 14, .primary, "s.two_phase AS two_phase"),
            (.slots, 16, .standby, "NULL::pg_catalog.text AS invalidation_reason"),
            (.slots, 17, .primary, "s.invalidation_reason"),
            (.checkpoints, 16, .primary, "pg_stat_bgwriter"),
            (.checkpoints, 17, .standby, "pg_stat_checkpointer"),
            (.walStatistics, 17, .primary, "w.wal_write"),
            (.walStatistics, 18, .primary, "pg_stat_io"),
            (.wal, 13, .standby, "pg_is_wal_replay_paused()"),
            (.wal, 14, .standby, "pg_get_wal_replay_pause_state()"),
            (.wal, 18, .standby, "NULL::pg_catalog.int8 AS timeline"),
            (.wal, 19, .standby, "pg_stat_recovery"),
            (.recoveryConflicts, 16, .standby, "confl_active_logicalslot"),
            (.subscriptions, 13, .primary, "t.subname = s.subname"),
            (.subscriptions, 16, .primary, "t.leader_pid IS NULL"),
            (.subscriptionStatistics, 18, .primary, "t.sync_error_count AS sync_errors, t.confl_insert_exists"),
            (.subscriptionStatistics, 19, .primary, "t.sync_table_error_count AS sync_errors"),
            (.subscriptionStatistics, 19, .primary, "t.confl_update_deleted"),
            (.privileges, 15, .primary, "pg_ls_replslotdir"),
            (.privileges, 18, .primary, "pg_ls_summariesdir"),
        ] as [(CollectorName, Int, ServerRole, String)]
    )
    func has(collector: CollectorName, major: Int, role: ServerRole, text: String) throws {
        #expect(try sql(collector, major, role).contains(text))
    }

    @Test(
        "A statement does not name what its version lacks",
        arguments: [
            (.slots, 13, .primary, "s.two_phase"),
            (.slots, 16, .primary, "s.failover"),
            (.walStatistics, 18, .primary, "w.wal_write"),
            (.wal, 13, .standby, "pg_get_wal_replay_pause_state"),
            (.wal, 18, .standby, "pg_stat_recovery"),
            (.wal, 18, .standby, "pg_walfile_name"),
            (.wal, 18, .standby, "pg_current_wal"),
            (.recoveryConflicts, 15, .standby, "confl_active_logicalslot"),
            (.subscriptions, 13, .primary, "s.oid"),
            (.subscriptions, 15, .primary, "leader_pid"),
            (.subscriptionStatistics, 17, .primary, "confl_"),
            (.subscriptionStatistics, 18, .primary, "confl_update_deleted"),
            (.subscriptionStatistics, 19, .primary, "t.sync_error_count"),
            (.privileges, 14, .primary, "pg_ls_replslotdir"),
            (.privileges, 17, .primary, "pg_ls_summariesdir"),
        ] as [(CollectorName, Int, ServerRole, String)]
    )
    func lacks(collector: CollectorName, major: Int, role: ServerRole, text: String) throws {
        #expect(try !sql(collector, major, role).contains(text))
    }

    @Test("The segment size is part of the directory's statement", arguments: [(1 << 20, 4096), (16 << 20, 256), (1 << 30, 4)] as [(Int64, Int)])
    func segmentSize(bytes: Int64, segmentsPerLog: Int) throws {
        let statement = WALDirectoryCollector.statement(for: ServerTraits(major: 15, role: .primary, walSegmentBytes: bytes))
        let text = try #require(statement).sql
        #expect(text.contains("(position / \(bytes))"))
        #expect(text.contains("number / \(segmentsPerLog))") && text.contains("number % \(segmentsPerLog))"))
    }

    @Test("On a standby the end of WAL is the greater of received and replayed", arguments: [CollectorName.slots, .walsenders])
    func currentPosition(collector: CollectorName) throws {
        let text = try sql(collector, 15, .standby)
        #expect(text.contains("greatest(pg_catalog.pg_last_wal_receive_lsn(), pg_catalog.pg_last_wal_replay_lsn())"))
        #expect(text.contains("WITH cur AS MATERIALIZED"))
    }

    private func sql(_ name: CollectorName, _ major: Int, _ role: ServerRole) throws -> String {
        let collector = try #require(Collectors.all.first { $0.name == name })
        let statement = collector.statement(for: ServerTraits(major: major, role: role, walSegmentBytes: 16 << 20))
        return try #require(statement).sql
    }
}
