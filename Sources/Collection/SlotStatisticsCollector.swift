package import Postgres
package import ReplicationModel

/// Logical decoding statistics (14+).
package enum SlotStatisticsCollector: Collector {
    package static let name = CollectorName.slotStatistics

    package static func statement(for server: ServerTraits) -> Statement? {
        server.major >= 19 ? statement19 : server.major >= 14 ? statement : nil
    }

    package static func decode(_ rows: RowSet, from server: ServerTraits, into snapshot: inout ServerSnapshot) throws(DecodeError) {
        snapshot.slotStatistics = try rows.map { row throws(DecodeError) in
            var statistics = SlotStatistics(
                name: try row.name("slot_name"),
                spilledTransactions: try row.count("spill_txns"),
                spilledBytes: try row.count("spill_bytes"),
                streamedTransactions: try row.count("stream_txns"),
                streamedBytes: try row.count("stream_bytes"),
                decodedTransactions: try row.count("total_txns"),
                decodedBytes: try row.count("total_bytes"),
                syncSkips: server.major >= 19 ? try row.count("slotsync_skip_count") : nil,
                lastSyncSkip: server.major >= 19 ? try row.optionalTime("last_skip") : nil
            )
            if server.major >= 19 { statistics.memoryExceeded = try row.count("mem_exceeded_count") }
            return statistics
        }
    }

    private static let statement19 = Statement(
        name: "slot_stats_19",
        sql: """
            SELECT slot_name, spill_txns, spill_bytes, stream_txns, stream_bytes, total_txns, total_bytes, slotsync_skip_count, \
            \(SQL.time("slotsync_last_skip", as: "last_skip")), mem_exceeded_count FROM pg_catalog.pg_stat_replication_slots
            """
    )

    private static let statement = Statement(
        name: "slot_stats",
        sql: """
            SELECT slot_name, spill_txns, spill_bytes, stream_txns, stream_bytes, total_txns, total_bytes FROM pg_catalog.pg_stat_replication_slots
            """
    )
}
