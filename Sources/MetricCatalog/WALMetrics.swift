import Exposition
import ReplicationModel

/// Positions as counters (their rate is the WAL rate), generation and I/O.
enum WALMetrics {
    static let all: [Metric] = [
        .number(
            "wal_inserted_bytes_total",
            .counter,
            of: .server,
            "WAL inserted, as the insert position in bytes since 0/0.",
            source: "pg_current_wal_insert_lsn()",
            .from(13, .primary)
        ) { $0.primaryWAL?.inserted },
        .number(
            "wal_written_bytes_total",
            .counter,
            of: .server,
            "WAL written to the operating system, as the write position in bytes since 0/0.",
            source: "pg_current_wal_lsn()",
            .from(13, .primary)
        ) { $0.primaryWAL?.written },
        .number(
            "wal_flushed_bytes_total",
            .counter,
            of: .server,
            "WAL flushed to disk, as the flush position in bytes since 0/0.",
            source: "pg_current_wal_flush_lsn()",
            .from(13, .primary)
        ) { $0.primaryWAL?.flushed },
        .number(
            "wal_received_bytes_total",
            .counter,
            of: .server,
            "WAL received by streaming, as the position in bytes since 0/0. A restart of the standby puts it back to a segment's start.",
            source: "pg_last_wal_receive_lsn()",
            .from(13, .standby, when: "something was streamed since the start")
        ) { $0.recovery?.received },
        .number(
            "wal_replayed_bytes_total",
            .counter,
            of: .server,
            "WAL replayed, as the position in bytes since 0/0.",
            source: "pg_last_wal_replay_lsn()",
            .from(13, .standby)
        ) { $0.recovery?.replayed },
        .number(
            "wal_records_total",
            .counter,
            of: .server,
            "WAL records generated.",
            source: "pg_stat_wal.wal_records",
            .from(14, .primary)
        ) { $0.walStatistics?.generation?.records },
        .number(
            "wal_full_page_images_total",
            .counter,
            of: .server,
            "Full-page images generated.",
            source: "pg_stat_wal.wal_fpi",
            .from(14, .primary)
        ) { $0.walStatistics?.generation?.fullPageImages },
        .number(
            "wal_full_page_images_bytes_total",
            .counter,
            of: .server,
            "WAL that full-page images came to.",
            source: "pg_stat_wal.wal_fpi_bytes",
            .from(19, .primary)
        ) { $0.walStatistics?.generation?.fullPageImageBytes },
        .number(
            "wal_generated_bytes_total",
            .counter,
            of: .server,
            "WAL generated, padding between records and segment switches not counted.",
            source: "pg_stat_wal.wal_bytes",
            .from(14, .primary)
        ) { $0.walStatistics?.generation?.bytes },
        .number(
            "wal_buffers_full_total",
            .counter,
            of: .server,
            "Times that WAL was written because wal_buffers was full.",
            source: "pg_stat_wal.wal_buffers_full",
            .from(14, .primary)
        ) { $0.walStatistics?.generation?.buffersFull },
        .numbers(
            "wal_written_by_bytes_total",
            .counter,
            of: .server,
            by: "backend_type",
            "WAL written to disk by each type of process that wrote any. Who writes it is not always who made it: what nobody waits for is left to the walwriter.",
            source: "pg_stat_io.write_bytes",
            .from(18, .primary, when: "any has written WAL")
        ) { ($0.role == .primary ? $0.walStatistics?.writers ?? [] : []).map { ($0.backendType, $0.bytes) } },
        .number(
            "wal_writes_total",
            .counter,
            of: .server,
            "Writes of WAL to disk; from 18 on by every process, also the walreceiver.",
            source: "pg_stat_wal.wal_write, 18+: pg_stat_io.writes",
            .from(14, when: "on a standby 18+")
        ) { $0.walStatistics?.io?.writes },
        .number(
            "wal_syncs_total",
            .counter,
            of: .server,
            "Syncs of WAL to disk; from 18 on by every process, also the walreceiver.",
            source: "pg_stat_wal.wal_sync, 18+: pg_stat_io.fsyncs",
            .from(14, when: "on a standby 18+")
        ) { $0.walStatistics?.io?.syncs },
        .number(
            "wal_write_seconds_total",
            .counter,
            of: .server,
            "Time spent in writes of WAL.",
            source: "pg_stat_wal.wal_write_time, 18+: pg_stat_io.write_time",
            .from(14, when: "track_wal_io_timing is on")
        ) { $0.walStatistics?.io?.writeSeconds },
        .number(
            "wal_sync_seconds_total",
            .counter,
            of: .server,
            "Time spent in syncs of WAL.",
            source: "pg_stat_wal.wal_sync_time, 18+: pg_stat_io.fsync_time",
            .from(14, when: "track_wal_io_timing is on")
        ) { $0.walStatistics?.io?.syncSeconds },
    ]
}
