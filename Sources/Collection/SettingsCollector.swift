package import Postgres
package import ReplicationModel

/// Settings that rules compare with. pg_settings builds all its rows for each query, so it is asked only when something may have changed.
package enum SettingsCollector: Collector {
    package static let name = CollectorName.settings
    package static let interval = CollectionInterval.configuration

    package static func statement(for server: ServerTraits) -> Statement? { statement }

    package static func decode(_ rows: RowSet, from server: ServerTraits, into snapshot: inout ServerSnapshot) throws(DecodeError) {
        var values: [String: Value] = [:]
        let rows = try rows.map { row throws(DecodeError) in
            (
                name: try row.name("name"),
                value: Value(
                    text: try row.text("setting", limit: Bounds.setting),
                    integer: try row.optionalInt64("integer", in: Bounds.int4),
                    isOn: try row.optionalBool("is_on"),
                    unit: try row.optionalEnumeration("unit", as: Unit.self)
                )
            )
        }
        for row in rows { values[row.name] = row.value }

        var settings = Settings()
        settings.maxWALSizeBytes = values["max_wal_size"]?.bytes
        settings.walKeepSizeBytes = values["wal_keep_size"]?.bytes
        settings.maxSlotWALKeepSizeBytes = values["max_slot_wal_keep_size"]?.bytes
        settings.summarizesWAL = values["summarize_wal"]?.isOn
        settings.walLevel = values["wal_level"]?.text
        settings.archiveMode = values["archive_mode"]?.text
        settings.walLogHints = values["wal_log_hints"]?.isOn
        settings.dataChecksums = values["data_checksums"]?.isOn
        settings.fullPageWrites = values["full_page_writes"]?.isOn
        settings.hasRestoreCommand = values["restores_from_archive"].map { $0.text == "on" }
        settings.hotStandbyFeedback = values["hot_standby_feedback"]?.isOn
        settings.walSenderTimeoutSeconds = values["wal_sender_timeout"]?.seconds
        settings.walReceiverTimeoutSeconds = values["wal_receiver_timeout"]?.seconds
        settings.walRetrieveRetryIntervalSeconds = values["wal_retrieve_retry_interval"]?.seconds
        let targets = values.filter { $0.key.hasPrefix("recovery_target") }.values
        settings.hasRecoveryTarget = targets.isEmpty ? nil : targets.contains { !$0.text.isEmpty }
        settings.recoveryMinApplyDelaySeconds = values["recovery_min_apply_delay"]?.seconds
        settings.idleReplicationSlotTimeoutSeconds = values["idle_replication_slot_timeout"]?.seconds
        settings.synchronousCommit = values["synchronous_commit"]?.text
        settings.synchronousStandbyNames = values["synchronous_standby_names"]?.text
        settings.synchronizedStandbySlots = values["synchronized_standby_slots"].map { NameList.names(in: $0.text) }
        settings.syncReplicationSlots = values["sync_replication_slots"]?.isOn
        settings.maxWalsenders = values["max_wal_senders"]?.integer
        settings.maxReplicationSlots = values["max_replication_slots"]?.integer
        settings.maxRepackReplicationSlots = values["max_repack_replication_slots"]?.integer
        settings.maxReplicationOrigins = (values["max_active_replication_origins"] ?? values["max_replication_slots"])?.integer
        settings.dataDirectory = values["data_directory"]?.text
        snapshot.settings = settings
    }

    private static let names = [
        "archive_mode", "data_checksums", "data_directory", "full_page_writes", "hot_standby_feedback", "idle_replication_slot_timeout",
        "max_active_replication_origins", "max_repack_replication_slots", "max_replication_slots", "max_slot_wal_keep_size", "max_wal_senders",
        "max_wal_size",
        "recovery_min_apply_delay", "recovery_target", "recovery_target_lsn", "recovery_target_name", "recovery_target_time", "recovery_target_xid",
        "summarize_wal", "sync_replication_slots", "synchronized_standby_slots", "synchronous_commit", "synchronous_standby_names", "wal_keep_size",
        "wal_level",
        "wal_log_hints",
        "wal_receiver_timeout", "wal_retrieve_retry_interval", "wal_sender_timeout",
    ]

    /// restore_command may hold credentials: it is only compared with ''.
    ///
    /// synchronous_commit is the role's or database's own for the exporter's session: what the server's clients get by default is
    /// reset_val only where the exporter's role has no setting of its own. wal_receiver_timeout is a role's or database's, too, from 19 on: then
    /// what the walreceiver goes by is not known.
    private static let statement = Statement(
        name: "settings",
        sql: """
            SELECT name, setting, CASE WHEN vartype = 'integer' \
            AND NOT (name = 'wal_receiver_timeout' AND source IN ('user', 'database', 'database user', 'client', 'session')) THEN setting::pg_catalog.int8 END AS integer, \
            CASE WHEN vartype = 'bool' THEN setting = 'on' END AS is_on, nullif(unit, '') AS unit FROM pg_catalog.pg_settings \
            WHERE name IN (\(names.map { "'\($0)'" }.joined(separator: ", "))) \
            UNION ALL SELECT 'restores_from_archive', CASE WHEN pg_catalog.current_setting('restore_command') <> '' THEN 'on' ELSE 'off' END, NULL, NULL, NULL
            """
    )

    private struct Value {
        let text: String
        let integer: Int64?
        let isOn: Bool?
        let unit: Unit?

        /// nil for -1, which means without limit in every setting asked for.
        var bytes: Int64? {
            guard let integer, integer >= 0, let scale = unit?.bytes else { return nil }
            return integer *| scale
        }

        var seconds: Double? {
            guard let integer, integer >= 0, let scale = unit?.seconds else { return nil }
            return Double(integer) * scale
        }
    }

    /// `pg_settings.unit`: what the number in `setting` counts.
    private enum Unit: String {
        case byte = "B", kilobyte = "kB", walPage = "8kB", megabyte = "MB"
        case millisecond = "ms", second = "s", minute = "min"

        var bytes: Int64? {
            switch self {
            case .byte: 1
            case .kilobyte: 1024
            case .walPage: 8192
            case .megabyte: 1024 * 1024
            case .millisecond, .second, .minute: nil
            }
        }

        var seconds: Double? {
            switch self {
            case .millisecond: 0.001
            case .second: 1
            case .minute: 60
            case .byte, .kilobyte, .walPage, .megabyte: nil
            }
        }
    }
}
