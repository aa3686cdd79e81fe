import ReplicationModel
import Testing

struct SnapshotTests {
    @Test("A primary's timeline is the one it writes, also while the control file still has the old one")
    func promotedPrimary() {
        var snapshot = snapshot(.primary)
        snapshot.primaryWAL = PrimaryWAL(inserted: LSN(5), written: LSN(4), flushed: LSN(3), timeline: 2, lastReplayed: LSN(2))
        snapshot.checkpoints = checkpoints(timeline: 1, minimum: 0)
        #expect(snapshot.timeline == 2)
        #expect(snapshot.currentPosition == LSN(4))
    }

    @Test(
        "A standby's timeline is the greatest of its sources, each of which may be late or silent",
        arguments: [
            // pg_stat_recovery, walreceiver, checkpoint, minimum recovery → timeline
            (nil, 2, 1, 1, 2),
            (nil, 1, 2, 1, 2),
            (nil, nil, 1, 2, 2),
            (3, 2, 1, 1, 3),
            (nil, nil, 1, 0, 1),
            (0, 0, 0, 0, nil),
            (nil, nil, nil, nil, nil),
        ] as [(Int64?, Int64?, Int64?, Int64?, Int64?)]
    )
    func standbyTimeline(recovery: Int64?, receiver: Int64?, checkpoint: Int64?, minimum: Int64?, expected: Int64?) {
        var snapshot = snapshot(.standby)
        snapshot.recovery = Recovery(received: nil, replayed: nil, lastReplayedTransaction: nil, pauseState: .notPaused, timeline: recovery)
        snapshot.receiver = Receiver(
            session: receiver.map { Receiver.Session(status: .streaming, timeline: $0) },
            isHidden: false,
            hasConnectionString: true,
            hasSlotName: false,
            hasRestoreCommand: false
        )
        if let checkpoint, let minimum { snapshot.checkpoints = checkpoints(timeline: checkpoint, minimum: minimum) }
        #expect(snapshot.timeline == expected)
    }

    @Test("A promoted server's leftovers of standby days say nothing of its timeline")
    func leftovers() {
        var snapshot = snapshot(.primary)
        snapshot.checkpoints = checkpoints(timeline: 7, minimum: 7)
        #expect(snapshot.timeline == nil)
        #expect(snapshot.currentPosition == nil)
    }

    @Test(
        "A standby's end is the greater of received and replayed, and its backlog what lies between",
        arguments: [
            // received, replayed → end, backlog
            (1_000, 400, 1_000, 600),
            // Restart of an idle standby: received goes back to the segment's start.
            (0x500_0000, 0x500_5368, 0x500_5368, 0),
            // Fed from the archive alone.
            (nil, 400, 400, nil),
            (1_000, nil, 1_000, nil),
            (nil, nil, nil, nil),
        ] as [(Int64?, Int64?, Int64?, Int64?)]
    )
    func recoveryEnd(received: Int64?, replayed: Int64?, end: Int64?, backlog: Int64?) {
        var snapshot = snapshot(.standby)
        snapshot.recovery = Recovery(
            received: received.map(LSN.init),
            replayed: replayed.map(LSN.init),
            lastReplayedTransaction: nil,
            pauseState: .notPaused,
            timeline: nil
        )
        #expect(snapshot.currentPosition == end.map(LSN.init))
        #expect(snapshot.recovery?.replayBacklogBytes == backlog)
    }

    @Test("The major version is what the version number says", arguments: [(130_004, 13), (150_018, 15), (190_000, 19)])
    func majorVersion(number: Int, major: Int) {
        #expect(snapshot(.primary, version: number).identity.majorVersion == major)
    }

    private func snapshot(_ role: ServerRole, version: Int = 150_018) -> ServerSnapshot {
        let identity = ServerIdentity(
            versionNumber: version,
            version: "15.18",
            systemIdentifier: "7711412811195800757",
            clusterName: "",
            address: nil,
            postmasterStart: 1_795_453_210,
            walSegmentBytes: 16 << 20
        )
        return ServerSnapshot(identity: identity, role: role)
    }

    private func checkpoints(timeline: Int64, minimum: Int64) -> Checkpoints {
        Checkpoints(
            timed: 1,
            requested: 1,
            restartpoints: nil,
            lastCheckpoint: 1_795_453_510,
            redo: LSN(1),
            timeline: timeline,
            minimumRecoveryTimeline: minimum
        )
    }
}
