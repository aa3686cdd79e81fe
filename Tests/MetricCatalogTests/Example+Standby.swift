import ReplicationModel

extension ServerSnapshot {
    /// Recorded in November 2026 from PostgreSQL 18.6: a standby with a failover slot that is still being synchronized.
    static var standby18: ServerSnapshot {
        let identity = ServerIdentity(
            versionNumber: 180_006,
            version: "18.6",
            systemIdentifier: "7711414404705161623",
            clusterName: "orders-dc2",
            address: nil,
            postmasterStart: 1_795_453_581.456421,
            walSegmentBytes: 16 << 20
        )
        var snapshot = ServerSnapshot(identity: identity, role: .standby)
        snapshot.clockOffset = -0.0005
        snapshot.addRecovery()
        snapshot.receiver = .streaming18
        snapshot.walsenders = []
        snapshot.baseBackups = []
        snapshot.slots = [
            Slot(
                name: "orders_cdc",
                type: .logical,
                plugin: "test_decoding",
                database: "postgres",
                isTemporary: true,
                isActive: true,
                walStatus: .reserved,
                restart: LSN(150_994_984),
                catalogXminAge: 19,
                isTwoPhase: false,
                isFailover: true,
                isSynced: true,
                inactiveSince: 1_795_453_606.930064,
                current: LSN(184_562_360)
            )
        ]
        snapshot.checkpoints = Checkpoints(
            timed: 0,
            requested: 0,
            restartpoints: .init(timed: 0, requested: 1, done: 0),
            lastCheckpoint: 1_795_453_581,
            redo: LSN(150_994_984),
            timeline: 1,
            minimumRecoveryTimeline: 1
        )
        snapshot.walStatistics = WALStatistics(
            generation: nil,
            io: .init(writes: 151, syncs: 0, writeSeconds: 0.00289, syncSeconds: 0)
        )
        snapshot.settings = .of18
        snapshot.replicationOrigins = 2
        snapshot.reports = [CollectorReport(collector: .receiver, failure: nil, seconds: 0.0005)]
        return snapshot
    }

    private mutating func addRecovery() {
        recovery = Recovery(
            received: LSN(184_562_144),
            replayed: LSN(184_562_144),
            lastReplayedTransaction: 1_795_453_618.851646,
            pauseState: .notPaused,
            timeline: nil
        )
        recoveryPrefetch = RecoveryPrefetch(
            prefetched: 2,
            hits: 5,
            skippedZeroed: 22,
            skippedNew: 480,
            skippedFullPage: 16,
            skippedRepeated: 3_549,
            walDistanceBytes: 0,
            blockDistance: 0,
            ioDepth: 0
        )
        recoveryConflicts = RecoveryConflict.Kind.allCases.map { RecoveryConflict(kind: $0, count: 0) }
    }
}

extension Receiver {
    static let streaming18 = Receiver(
        session: Session(
            status: .streaming,
            timeline: 1,
            written: LSN(184_562_144),
            flushed: LSN(184_562_144),
            upstreamEnd: LSN(184_562_144),
            lastMessage: 1_795_453_622.108211,
            lastMessageAge: 0.184114,
            transit: 0.005491,
            age: 40.825879
        ),
        isHidden: false,
        hasConnectionString: true,
        hasSlotName: true,
        hasRestoreCommand: false,
        upstream: Upstream(host: "10.77.1.100", port: "5432", slotName: "standby_cluster")
    )
}
