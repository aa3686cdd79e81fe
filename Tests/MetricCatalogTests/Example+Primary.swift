import ReplicationModel

extension ServerSnapshot {
    /// Recorded in November 2026 from PostgreSQL 18.6: a primary with a synchronous standby, a running pg_basebackup, pg_receivewal, a lost
    /// slot, a slot never used, two logical slots without consumers, and two subscriptions of its own, of which one fails.
    static var primary18: ServerSnapshot {
        let identity = ServerIdentity(
            versionNumber: 180_006,
            version: "18.6",
            systemIdentifier: "7711414404705161623",
            clusterName: "orders-dc1",
            address: "10.77.1.11",
            postmasterStart: 1_795_453_580.488011,
            walSegmentBytes: 16 << 20
        )
        var snapshot = ServerSnapshot(identity: identity, role: .primary)
        snapshot.clockOffset = 0.000125
        snapshot.primaryWAL = PrimaryWAL(
            inserted: LSN(184_561_856),
            written: position,
            flushed: position,
            timeline: 1,
            lastReplayed: nil
        )
        snapshot.walsenders = .examples
        snapshot.slots = .examples
        snapshot.baseBackups = [
            BaseBackup(
                applicationName: "pg_basebackup",
                clientAddress: nil,
                phase: .streamingFiles,
                streamedBytes: 245_760,
                totalBytes: 31_661_568
            )
        ]
        snapshot.addWAL()
        snapshot.addLogicalReplication()
        snapshot.settings = .of18
        snapshot.privileges = Privilege.allCases.map { PrivilegeCheck(privilege: $0, isGranted: $0 != .listSummaries) }
        snapshot.reports = [
            CollectorReport(collector: .wal, failure: nil, seconds: 0.0005),
            CollectorReport(collector: .walSummaries, failure: .init(.permission, "permission denied"), seconds: 0.00025),
        ]
        return snapshot
    }
}

private let position = LSN(184_559_576)

extension [Walsender] {
    fileprivate static var examples: [Walsender] {
        [
            Walsender(
                applicationName: "sby1",
                clientAddress: "10.77.1.12",
                slotName: "s1",
                state: .streaming,
                syncState: .sync,
                syncPriority: 1,
                current: position,
                sent: position,
                written: position,
                flushed: position,
                replayed: position,
                writeLag: 0.001344,
                flushLag: 0.001348,
                replayLag: 0.001456,
                reply: 1_795_453_621.497151,
                started: 1_795_453_581.469568
            ),
            Walsender(
                applicationName: "pg_basebackup",
                state: .backup,
                syncState: .async,
                syncPriority: 0,
                current: position,
                started: 1_795_453_614.006102
            ),
            Walsender(
                applicationName: "pg_receivewal",
                state: .streaming,
                syncState: .async,
                syncPriority: 0,
                current: position,
                sent: position,
                written: LSN(167_772_160),
                writeLag: 0.003929,
                flushLag: 0.003929,
                replayLag: 0.003929,
                reply: 1_795_453_614.023705,
                started: 1_795_453_614.005302
            ),
            Walsender(
                applicationName: "pg_basebackup",
                slotName: "pg_basebackup_20069",
                slotIsTemporary: true,
                state: .streaming,
                syncState: .async,
                syncPriority: 0,
                current: position,
                sent: position,
                written: LSN(184_549_376),
                flushed: LSN(184_549_376),
                writeLag: 6.1e-05,
                flushLag: 6.1e-05,
                replayLag: 6.1e-05,
                reply: 1_795_453_614.433635,
                started: 1_795_453_614.427613
            ),
        ]
    }
}
