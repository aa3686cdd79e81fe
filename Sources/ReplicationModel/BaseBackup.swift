/// A running base backup: pg_stat_progress_basebackup with its row of pg_stat_replication.
package struct BaseBackup: Sendable, Hashable {
    package var applicationName: String
    /// nil over a Unix socket.
    package var clientAddress: String?
    package var phase: Phase
    package var streamedBytes: Int64
    /// nil when the client asked for no estimate.
    package var totalBytes: Int64?
    /// `backup_type` is incremental (19+).
    package var isIncremental: Bool?

    /// `pg_stat_progress_basebackup.phase`, in the order in which they happen.
    package enum Phase: String, Sendable, Hashable, CaseIterable {
        case initializing
        case waitingForCheckpoint = "waiting for checkpoint to finish"
        case estimatingSize = "estimating backup size"
        case streamingFiles = "streaming database files"
        case waitingForArchiving = "waiting for wal archiving to finish"
        case transferringWAL = "transferring wal files"
    }

    package init(applicationName: String, clientAddress: String?, phase: Phase, streamedBytes: Int64, totalBytes: Int64?) {
        self.applicationName = applicationName
        self.clientAddress = clientAddress
        self.phase = phase
        self.streamedBytes = streamedBytes
        self.totalBytes = totalBytes
    }

    /// What names the series of the backup's walsender.
    package var key: WalsenderKey {
        WalsenderKey(applicationName: applicationName, clientAddress: clientAddress, slotName: nil, slotIsTemporary: false, isBackup: true)
    }

    /// Backups that share application name and address told as one: bytes added up, the least advanced phase.
    package static func folding(_ backups: [BaseBackup]) -> [BaseBackup] {
        var folded: [BaseBackup] = []
        var index: [WalsenderKey: Int] = [:]
        for backup in backups {
            let key = backup.key
            guard let known = index[key] else {
                index[key] = folded.count
                folded.append(backup)
                continue
            }
            folded[known].streamedBytes = folded[known].streamedBytes +| backup.streamedBytes
            // A sum that leaves one out would say that more than all was streamed.
            folded[known].totalBytes = folded[known].totalBytes.flatMap { total in backup.totalBytes.map { total +| $0 } }
            // Of several the one that is greater.
            if backup.isIncremental == false { folded[known].isIncremental = false }
            let order = Phase.allCases
            if let new = order.firstIndex(of: backup.phase), let old = order.firstIndex(of: folded[known].phase), new < old {
                folded[known].phase = backup.phase
            }
        }
        return folded
    }
}
