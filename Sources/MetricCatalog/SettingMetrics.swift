import ReplicationModel

/// Settings that alert rules compare with. Read again when the server reloads its configuration.
enum SettingMetrics {
    static let all: [Metric] = [
        setting("max_wal_size_bytes") { $0.maxWALSizeBytes },
        setting("wal_keep_size_bytes") { $0.walKeepSizeBytes },
        setting("max_slot_wal_keep_size_bytes", " Absent when unlimited.", .from(when: "it is not unlimited")) { $0.maxSlotWALKeepSizeBytes },
        .number(
            "setting_wal_segment_size_bytes",
            of: .server,
            "wal_segment_size.",
            source: "pg_control_init()"
        ) { $0.identity.walSegmentBytes },
        choice("wal_level", "level", levels) { $0.walLevel },
        .states(
            "setting_effective_wal_level",
            of: .server,
            "level",
            levels,
            "How much is really logged: logical while there is a logical slot, also where wal_level is replica. Read at every scrape, for it changes without a reload.",
            source: "effective_wal_level",
            .from(19)
        ) { $0.effectiveWALLevel },
        choice("archive_mode", "mode", ["off", "on", "always"]) { $0.archiveMode },
        setting("wal_log_hints") { $0.walLogHints },
        setting("data_checksums") { $0.dataChecksums },
        setting("full_page_writes") { $0.fullPageWrites },
        setting("hot_standby_feedback") { $0.hotStandbyFeedback },
        setting("wal_sender_timeout_seconds", " 0: disabled.") { $0.walSenderTimeoutSeconds },
        setting("wal_receiver_timeout_seconds", " 0: disabled.") { $0.walReceiverTimeoutSeconds },
        setting("recovery_min_apply_delay_seconds") { $0.recoveryMinApplyDelaySeconds },
        setting("idle_replication_slot_timeout_seconds", " 0: disabled.", .from(18)) { $0.idleReplicationSlotTimeoutSeconds },
        choice("synchronous_commit", "level", ["off", "local", "remote_write", "on", "remote_apply"]) { $0.synchronousCommit },
    ]

    private static let levels = ["minimal", "replica", "logical"]

    private static func setting<Value: SampleValue>(
        _ name: String,
        _ remark: String = "",
        _ availability: Metric.Availability = .from(),
        _ value: @escaping @Sendable (Settings) -> Value?
    ) -> Metric {
        .number("setting_" + name, of: .server, "The setting \(parameter(name)).\(remark)", source: "pg_settings", availability) {
            $0.settings.flatMap(value)
        }
    }

    private static func choice(
        _ name: String,
        _ label: String,
        _ values: [String],
        _ value: @escaping @Sendable (Settings) -> String?
    ) -> Metric {
        .states("setting_" + name, of: .server, label, values, "The setting \(name).", source: "pg_settings") {
            $0.settings.flatMap(value)
        }
    }

    /// The setting's own name, without the unit that ours carries.
    private static func parameter(_ name: String) -> String {
        for unit in ["_bytes", "_seconds"] where name.hasSuffix(unit) { return String(name.dropLast(unit.count)) }
        return name
    }
}
