import Exposition
import ReplicationModel

/// Logical decoding per slot.
enum SlotDecodingMetrics {
    private static let logical = Metric.Availability.from(14, when: "a logical slot exists")

    static let all: [Metric] = [
        .number(
            "slot_spilled_transactions_total",
            .counter,
            of: .slotStatistics,
            "Transactions spilled to disk because they exceeded logical_decoding_work_mem.",
            source: "pg_stat_replication_slots.spill_txns",
            logical
        ) { $0.spilledTransactions },
        .number(
            "slot_spilled_bytes_total",
            .counter,
            of: .slotStatistics,
            "Decoded data spilled to disk.",
            source: "pg_stat_replication_slots.spill_bytes",
            logical
        ) { $0.spilledBytes },
        .number(
            "slot_streamed_transactions_total",
            .counter,
            of: .slotStatistics,
            "Transactions streamed while still in progress because they exceeded logical_decoding_work_mem.",
            source: "pg_stat_replication_slots.stream_txns",
            logical
        ) { $0.streamedTransactions },
        .number(
            "slot_streamed_bytes_total",
            .counter,
            of: .slotStatistics,
            "Decoded data streamed while the transaction was still in progress.",
            source: "pg_stat_replication_slots.stream_bytes",
            logical
        ) { $0.streamedBytes },
        .number(
            "slot_decoded_transactions_total",
            .counter,
            of: .slotStatistics,
            "Transactions sent to the output plugin.",
            source: "pg_stat_replication_slots.total_txns",
            logical
        ) { $0.decodedTransactions },
        .number(
            "slot_decoded_bytes_total",
            .counter,
            of: .slotStatistics,
            "Decoded data sent to the output plugin.",
            source: "pg_stat_replication_slots.total_bytes",
            logical
        ) { $0.decodedBytes },
        .number(
            "slot_memory_exceeded_total",
            .counter,
            of: .slotStatistics,
            "Times that logical_decoding_work_mem was exceeded: transactions were spilled to disk or streamed.",
            source: "pg_stat_replication_slots.mem_exceeded_count",
            .from(19, when: "a logical slot exists")
        ) { $0.memoryExceeded },
        .number(
            "slot_spill_files_bytes",
            of: .slotSpill,
            "Spill files of the slot on disk now, as of the last listing.",
            source: "pg_ls_replslotdir()",
            .from(15, when: "a logical slot exists")
        ) { $0.bytes },
    ]
}
