/// Settings that rules compare with, from pg_settings, in base units. nil: this version has no such setting, or it means "off".
package struct Settings: Sendable, Hashable {
    package var maxWALSizeBytes: Int64?
    package var walKeepSizeBytes: Int64?
    /// nil when unlimited (-1).
    package var maxSlotWALKeepSizeBytes: Int64?
    /// 17+
    package var summarizesWAL: Bool?
    package var walLevel: String?
    package var archiveMode: String?
    package var walLogHints: Bool?
    package var dataChecksums: Bool?
    package var fullPageWrites: Bool?
    /// `restore_command` is set; the command itself is never read.
    package var hasRestoreCommand: Bool?
    package var hotStandbyFeedback: Bool?
    /// 0 when disabled.
    package var walSenderTimeoutSeconds: Double?
    /// 0 when disabled.
    package var walReceiverTimeoutSeconds: Double?
    package var walRetrieveRetryIntervalSeconds: Double?
    package var recoveryMinApplyDelaySeconds: Double?
    /// One of `recovery_target`, `_lsn`, `_name`, `_time` and `_xid` is set: recovery ends there, and resuming then makes a primary.
    package var hasRecoveryTarget: Bool?
    /// 18+; 0 when disabled.
    package var idleReplicationSlotTimeoutSeconds: Double?
    package var synchronousCommit: String?
    package var synchronousStandbyNames: String?
    /// 17+: the physical slots that must have confirmed before logical consumers of failover slots get anything.
    package var synchronizedStandbySlots: [String]?
    /// 17+: whether a standby keeps copies of its primary's failover slots.
    package var syncReplicationSlots: Bool?
    /// Only told to roles with pg_read_all_settings.
    package var dataDirectory: String?
    package var maxWalsenders: Int64?
    package var maxReplicationSlots: Int64?
    /// 19+
    package var maxRepackReplicationSlots: Int64?
    /// 18+: max_active_replication_origins; before that max_replication_slots limits them too.
    package var maxReplicationOrigins: Int64?

    package init() {}
}
