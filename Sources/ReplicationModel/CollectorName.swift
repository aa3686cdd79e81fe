/// The collectors: each asks one thing of the server and fails alone. The raw value is the name in `--collector.NAME`, in the
/// configuration's `collection.disable` and in the label `collector`.
package enum CollectorName: String, Sendable, Hashable, CaseIterable {
    case wal
    case walStatistics = "wal_stats"
    case walDirectory = "wal_directory"
    case walSummarizer = "wal_summarizer"
    case walSummaries = "wal_summaries"
    case checkpoints
    case archiver
    case archiveStatus = "archive_status"
    case walsenders
    case baseBackups = "base_backups"
    case slots
    case slotStatistics = "slot_stats"
    case slotSpill = "slot_spill"
    case receiver
    case recoveryPrefetch = "recovery_prefetch"
    case recoveryConflicts = "recovery_conflicts"
    case subscriptions
    case subscriptionTables = "subscription_tables"
    case subscriptionStatistics = "subscription_stats"
    case replicationOrigins = "replication_origins"
    case settings
    case privileges

    /// One line for `--help` and the documentation.
    package var summary: String {
        switch self {
        case .wal: "WAL positions, timeline, and on a standby receive, replay and pause state"
        case .walStatistics: "WAL records, full-page images, writes and syncs (14+)"
        case .walDirectory: "listing of pg_wal: size, segments, oldest kept position"
        case .walSummarizer: "WAL not yet summarized (17+, with summarize_wal)"
        case .walSummaries: "listing of pg_wal/summaries (18+)"
        case .checkpoints: "checkpoints, restartpoints and the distance to the redo position"
        case .archiver: "archived and failed WAL files, and whether archiving fails now"
        case .archiveStatus: "listing of pg_wal/archive_status: files that wait to be archived"
        case .walsenders: "pg_stat_replication: every connected standby, its state and lag"
        case .baseBackups: "progress of running base backups"
        case .slots: "pg_replication_slots: what each slot retains, and its state"
        case .slotStatistics: "logical decoding statistics of each slot (14+)"
        case .slotSpill: "spill files of logical decoding on disk (15+)"
        case .receiver: "pg_stat_wal_receiver: is the standby really receiving"
        case .recoveryPrefetch: "prefetching during replay (15+, standby)"
        case .recoveryConflicts: "queries cancelled by replay (standby)"
        case .subscriptions: "logical subscriptions and their apply workers"
        case .subscriptionTables: "synchronization state of subscribed tables, in the database of the connection"
        case .subscriptionStatistics: "errors and conflicts of subscriptions (15+)"
        case .replicationOrigins: "replication origins in use"
        case .settings: "settings that alert rules compare with, re-read when the server reloads"
        case .privileges: "what the monitoring role may not see"
        }
    }
}
