/// Everything that one collection learnt of one server.
///
/// A part is nil when the version or the role has no such thing, when the collector is disabled, or when it failed; `reports` tells
/// which. Nothing in here is a guess: what the server did not say is nil.
package struct ServerSnapshot: Sendable {
    package var identity: ServerIdentity
    package var role: ServerRole
    /// Server clock minus exporter clock in seconds, at the middle of the round trip.
    package var clockOffset: Double?
    /// How each collector that was due fared.
    package var reports: [CollectorReport] = []

    /// Primary only.
    package var primaryWAL: PrimaryWAL?
    /// `effective_wal_level` (19+): logical while there is a logical slot, also where `wal_level` is replica.
    package var effectiveWALLevel: String?
    /// Primary only; nil where it is hidden from the role.
    package var commitWaits: CommitWaits?
    /// Standby only.
    package var recovery: Recovery?
    package var walStatistics: WALStatistics?
    package var walDirectory: WALDirectory?
    package var walSummarizer: WALSummarizer?
    package var walSummariesBytes: Int64?
    package var checkpoints: Checkpoints?
    package var archiver: Archiver?
    /// `pg_stat_archiver.last_archived_wal` of a standby whose archiver does not work (15+): of the time when this data directory was a primary's.
    /// Neither a base backup nor pg_rewind leaves statistics, and a crash takes them.
    package var lastArchivedAsPrimary: String?
    package var archiveStatus: ArchiveStatus?
    /// Rows of pg_stat_replication that this role may read.
    package var walsenders: [Walsender]?
    /// Rows of pg_stat_replication whose values are hidden from this role (no pg_read_all_stats).
    package var hiddenWalsenders = 0
    package var baseBackups: [BaseBackup]?
    package var slots: [Slot]?
    /// What is remembered of slots that are or were there.
    package var slotRecords: [SlotRecord] = []
    package var slotStatistics: [SlotStatistics]?
    package var slotSpill: [SlotSpill]?
    /// Standby only.
    package var receiver: Receiver?
    package var recoveryPrefetch: RecoveryPrefetch?
    package var recoveryConflicts: [RecoveryConflict]?
    package var subscriptions: [Subscription]?
    package var subscriptionTables: [SubscriptionTables]?
    package var subscriptionStatistics: [SubscriptionStatistics]?
    package var replicationOrigins: Int?
    package var settings: Settings?
    package var privileges: [PrivilegeCheck]?
    /// The filesystem of pg_wal, where the exporter runs beside the server.
    package var walFilesystem: WALFilesystem?
    /// Why the filesystem of pg_wal cannot be read, where it should be: a directory is configured, or the server runs on this machine.
    package var walFilesystemProblem: WALFilesystemProblem?
    /// The sampler's observations of each walsender's flush and replay age since the exporter's start.
    package var flushAgeSamples: [WalsenderKey: SampledHistogram.Snapshot] = [:]
    package var replayAgeSamples: [WalsenderKey: SampledHistogram.Snapshot] = [:]
    /// What was forgotten before its time since the exporter's start, because too much of its kind was to be remembered.
    package var evictions: [MemoryKind: Int] = [:]

    package init(identity: ServerIdentity, role: ServerRole) {
        self.identity = identity
        self.role = role
    }

    /// The end of the WAL as far as this server knows: what it has written (primary), or the greater of received and replayed
    /// (standby), which is also up to where its own walsenders may send.
    package var currentPosition: LSN? {
        switch role {
        case .primary: primaryWAL?.written
        case .standby: recovery?.end
        }
    }

    /// The end of WAL for the WAL clock: on a standby the upstream's as it was last told, if that is ahead.
    package var furthestKnownEnd: LSN? {
        [currentPosition, receiver?.session?.upstreamEnd].compactMap { $0 }.max()
    }

    /// How long before the last message was sent, and now, the last replayed transaction was committed: only differences of one clock each, the primary's
    /// and ours. Behind a standby the message's time is by that one's clock. nil while nothing is received.
    package var lastReplayedCommitAge: Double? {
        guard let commit = recovery?.lastReplayedTransaction, let session = receiver?.session, let message = session.lastMessage,
            let transit = session.transit, let age = session.lastMessageAge
        else { return nil }
        return max(message - transit - commit + age, 0)
    }

    /// Whether all that makes ``furthestKnownEnd`` was answered.
    package var knowsFurthestEnd: Bool {
        switch role {
        case .primary: primaryWAL != nil
        case .standby: recovery != nil && receiver != nil
        }
    }

    /// The timeline that is written or followed. On a standby the greatest of the sources: each is late, none is ever ahead.
    package var timeline: Int64? {
        switch role {
        case .primary: primaryWAL?.timeline
        case .standby:
            [recovery?.timeline, receiver?.session?.timeline, checkpoints?.timeline, checkpoints?.minimumRecoveryTimeline]
                .compactMap { $0 }
                .filter { $0 > 0 }
                .max()
        }
    }
}
