import ReplicationModel

/// Running base backups.
enum BaseBackupMetrics {
    private static let running = Metric.Availability.from(when: "a base backup runs")

    static let all: [Metric] = [
        .number(
            "basebackup_streamed_bytes",
            of: .baseBackup,
            "Bytes of the base backup streamed so far.",
            source: "pg_stat_progress_basebackup.backup_streamed",
            running
        ) { $0.streamedBytes },
        .number(
            "basebackup_total_bytes",
            of: .baseBackup,
            "Estimated bytes of the base backup.",
            source: "pg_stat_progress_basebackup.backup_total",
            .from(when: "a base backup runs whose size was estimated")
        ) { $0.totalBytes },
        .number(
            "basebackup_incremental",
            of: .baseBackup,
            "1: the base backup is an incremental one.",
            source: "pg_stat_progress_basebackup.backup_type",
            .from(19, when: "a base backup runs")
        ) { $0.isIncremental },
        .states(
            "basebackup_phase",
            of: .baseBackup,
            "phase",
            BaseBackup.Phase.allCases.map(\.rawValue),
            "What the base backup is doing.",
            source: "pg_stat_progress_basebackup.phase",
            running
        ) { $0.phase.rawValue },
    ]
}
