import Judgement
import Memory
import ReplicationModel
import WALClock

let system = "7574000000000000001"

func identity(_ start: Double, system: String = system) -> ServerIdentity {
    ServerIdentity(
        versionNumber: 180001,
        version: "18.1",
        systemIdentifier: system,
        clusterName: "",
        address: nil,
        postmasterStart: start,
        walSegmentBytes: 16 << 20
    )
}

func primary(start: Double = 1.123456, at end: Int64, timeline: Int64 = 1, slots: [Slot] = [], system: String = system) -> ServerSnapshot {
    var snapshot = ServerSnapshot(identity: identity(start, system: system), role: .primary)
    snapshot.clockOffset = 0
    snapshot.primaryWAL = PrimaryWAL(inserted: LSN(end), written: LSN(end), flushed: LSN(end), timeline: timeline, lastReplayed: nil)
    snapshot.slots = slots
    snapshot.walsenders = []
    return snapshot
}

func slot(_ name: String, lost: Bool = false, type: Slot.SlotType = .physical, at restart: Int64 = 5 << 20) -> Slot {
    Slot(name: name, type: type, walStatus: lost ? .lost : .reserved, restart: LSN(restart), current: LSN(100 << 20))
}

func report(_ name: String, _ outcome: TargetReport.Outcome) -> TargetReport {
    TargetReport(name: name, labels: [], outcome: outcome, seconds: 0.01, connects: 1, errors: [:])
}

extension Moment {
    /// The process that kept began at Unix time 1,000,000.
    static func before(_ seconds: Double) -> Moment { Moment(monotonic: MonotonicTime(seconds), wall: 1_000_000 + seconds) }
    /// The one that was restored began at Unix time 1,010,000.
    static func after(_ seconds: Double) -> Moment { Moment(monotonic: MonotonicTime(seconds), wall: 1_010_000 + seconds) }
}

/// So many seconds of 1 MB/s, the last one at 9,000, a look every 15 s and a sample a second.
func busyHistory(slots: [Slot] = [], seconds: Int = 9000) -> ServerHistory {
    var history = ServerHistory()
    for second in (9000 - seconds)...9000 {
        let moment = Moment.before(Double(second))
        if second % 15 == 0 {
            var snapshot = primary(at: Int64(second) << 20, slots: slots)
            history.note(&snapshot, at: moment.monotonic, wallClock: moment.wall)
        } else {
            let sender = WALSample.Walsender(
                key: WalsenderKey(applicationName: "s", clientAddress: nil, slotName: "s", slotIsTemporary: false),
                flushed: LSN(Int64(second - 2) << 20),
                replayed: LSN(Int64(second - 3) << 20)
            )
            history.note(WALSample(end: LSN(Int64(second) << 20), walsenders: [sender]), at: moment.monotonic)
        }
    }
    return history
}

/// A state with something of everything.
func richState(isComplete: Bool = false) -> Remembered {
    var fleet = FleetMemory()
    fleet.note(report("a", .up(primary(start: 1.123456, at: 1 << 20))), at: .before(100))
    fleet.note(report("b", .up(primary(start: 2.5, at: 1 << 20, timeline: 2))), at: .before(101))
    fleet.note(report("a", .up(primary(start: 1.123456, at: 1 << 20))), at: .before(115))
    let history = busyHistory(slots: [slot("dead", lost: true), slot("well")], seconds: 150)
    var observed: ObservedTarget?
    _ = ObservedTarget.events(of: report("a", .up(primary(at: 9000 << 20, slots: [slot("well")]))), at: 1_009_000, after: &observed)
    let now = Moment.before(9000)
    return Remembered(
        at: now.wall,
        isComplete: isComplete,
        fleet: fleet.kept(at: now),
        targets: [RememberedTarget(name: "a", at: now.wall, history: history.kept(at: now), observed: observed)],
        events: [Event(.slotLost, at: 1_005_000.25, target: "a", subject: "dead", before: "valid", after: "lost", "Slot \"dead\" is lost.\nReally.")],
        eventCounts: ["slot_lost": 1]
    )
}
