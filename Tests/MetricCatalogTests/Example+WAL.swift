import ReplicationModel

extension ServerSnapshot {
    mutating func addWAL() {
        walStatistics = WALStatistics(
            generation: .init(records: 33_179, fullPageImages: 1_833, bytes: 12_672_861, buffersFull: 16_780),
            io: .init(writes: 17_604, syncs: 0, writeSeconds: 0.061775, syncSeconds: 0)
        )
        walDirectory = WALDirectory(
            bytes: 67_109_202,
            segments: 4,
            recycledSegments: 2,
            oldestKept: LSN(0xA00_0000),
            oldestKeptModified: 1_795_453_614,
            historyFileModified: nil,
            readAt: 1_795_453_622.15664
        )
        walSummarizer = WALSummarizer(unsummarizedBytes: 9_952)
        checkpoints = Checkpoints(
            timed: 0,
            requested: 10,
            restartpoints: .init(timed: 0, requested: 0, done: 0),
            lastCheckpoint: 1_795_453_614,
            redo: LSN(184_549_624),
            timeline: 1,
            minimumRecoveryTimeline: 0
        )
        archiver = Archiver(
            archived: 11,
            failed: 0,
            lastArchivedFile: "00000001000000000000000A",
            lastArchived: 1_795_453_614.028616,
            lastFailed: nil,
            lacksCommand: false
        )
        archiveStatus = ArchiveStatus(ready: 0, oldestReady: nil, readAt: 1_795_453_650)
    }
}

extension Settings {
    static var of18: Settings {
        var settings = Settings()
        settings.maxWALSizeBytes = 64 << 20
        settings.walKeepSizeBytes = 0
        settings.maxSlotWALKeepSizeBytes = 64 << 20
        settings.walLevel = "logical"
        settings.archiveMode = "on"
        settings.walLogHints = false
        settings.dataChecksums = true
        settings.fullPageWrites = true
        settings.hotStandbyFeedback = true
        settings.walSenderTimeoutSeconds = 60
        settings.walReceiverTimeoutSeconds = 60
        settings.walRetrieveRetryIntervalSeconds = 5
        settings.recoveryMinApplyDelaySeconds = 0
        settings.idleReplicationSlotTimeoutSeconds = 0
        settings.synchronousCommit = "on"
        settings.synchronousStandbyNames = "FIRST 1 (sby1, other)"
        settings.maxWalsenders = 20
        settings.maxReplicationSlots = 15
        settings.maxReplicationOrigins = 10
        return settings
    }
}
