import ReplicationModel
import Testing
import WALClock

/// Silent standbys, and how much WAL a checkpoint cycle has: what one look cannot tell.
struct SilenceTests {
    private func snapshot(end: Int64, redo: Int64 = 0, timeline: Int64 = 1, walsenders: [Walsender] = [], slots: [Slot] = []) -> ServerSnapshot {
        let identity = ServerIdentity(
            versionNumber: 150018,
            version: "15.18",
            systemIdentifier: "1",
            clusterName: "",
            address: nil,
            postmasterStart: 1,
            walSegmentBytes: 16 << 20
        )
        var snapshot = ServerSnapshot(identity: identity, role: .primary)
        let end = LSN(end)
        snapshot.primaryWAL = PrimaryWAL(inserted: end, written: end, flushed: end, timeline: timeline, lastReplayed: nil)
        snapshot.walsenders = walsenders
        snapshot.slots = slots
        snapshot.checkpoints = Checkpoints(
            timed: 1,
            requested: 0,
            restartpoints: nil,
            lastCheckpoint: nil,
            redo: LSN(redo),
            timeline: timeline,
            minimumRecoveryTimeline: nil
        )
        return snapshot
    }

    private func walsender(flushed: Int64, reply: Double, end: Int64, slot: String? = nil, replays: Bool = true) -> Walsender {
        Walsender(
            applicationName: "s",
            slotName: slot,
            state: .streaming,
            current: LSN(end),
            flushed: LSN(flushed),
            replayed: replays ? LSN(flushed) : nil,
            reply: reply,
            started: 5
        )
    }

    /// Writes a megabyte a second for half a minute; the standby hears nothing after the tenth second.
    private func cut(replies: (Double) -> Double, slots: [Slot] = [], slot: String? = nil, replays: Bool = true, writes: Bool = true) -> [Double?] {
        var history = ServerHistory()
        return stride(from: 0.0, through: 30, by: 5).map { second in
            let end = Int64(writes ? second : min(second, 10)) << 20
            let walsenders = [walsender(flushed: Int64(min(second, 10)) << 20, reply: replies(second), end: end, slot: slot, replays: replays)]
            var snapshot = snapshot(end: end, walsenders: walsenders, slots: slots)
            history.note(&snapshot, at: MonotonicTime(second), wallClock: 1000 + second)
            return snapshot.walsenders?.first?.unansweredSeconds
        }
    }

    @Test("While WAL waits and no reply comes the silence grows, whatever the standby's clock says", arguments: [0.0, -100, 1_000_000])
    func silence(skew: Double) {
        #expect(cut { min($0, 10) + skew } == [0, 0, 0, 5, 10, 15, 20])
    }

    @Test("One that replies and is slow is not silent; nor is one that nothing waits for, or what is no standby")
    func notSilent() {
        #expect(cut { $0 } == [0, 0, 0, 0, 0, 0, 0])
        #expect(cut(replies: { min($0, 10) }, writes: false) == [0, 0, 0, 0, 0, 0, 0])
        #expect(cut(replies: { min($0, 10) }, replays: false).allSatisfy { $0 == nil })
        let logical = Slot(name: "l", type: .logical, isTemporary: false, isActive: true, walStatus: .reserved, restart: LSN(0), current: LSN(0))
        #expect(cut(replies: { min($0, 10) }, slots: [logical], slot: "l").allSatisfy { $0 == nil })
    }

    @Test("Where this server's end of WAL is not known, it is not known whether any waits")
    func unknownEnd() {
        var history = ServerHistory()
        for second in [0.0, 10, 20] {
            var unknown = walsender(flushed: 0, reply: 1, end: 1 << 20)
            unknown.current = nil
            var snapshot = snapshot(end: 1 << 20, walsenders: [unknown])
            history.note(&snapshot, at: MonotonicTime(second), wallClock: 1000 + second)
            #expect(snapshot.walsenders?.first?.unansweredSeconds == nil)
        }
    }

    @Test("WAL of a checkpoint cycle is that of a whole one, at any moment of the next; of another timeline it is not known")
    func cycles() {
        var history = ServerHistory()
        func cycle(_ end: Int64, redo: Int64, timeline: Int64 = 1) -> Int64? {
            var snapshot = snapshot(end: end << 20, redo: redo << 20, timeline: timeline)
            history.note(&snapshot, at: MonotonicTime(Double(end)), wallClock: Double(end))
            return snapshot.checkpoints?.cycleBytes.map { $0 >> 20 }
        }
        #expect(cycle(10, redo: 0) == nil, "it may be near the beginning")
        #expect(cycle(190, redo: 0) == nil)
        #expect(cycle(201, redo: 180) == 190)
        #expect(cycle(210, redo: 180) == 190, "as it was at the end of the last one")
        #expect(cycle(400, redo: 180) == 220, "and more by now")
        #expect(cycle(401, redo: 390) == 220)
        #expect(cycle(402, redo: 400) == 11, "one that wrote little")
        #expect(cycle(500, redo: 480, timeline: 2) == nil)
    }
}
