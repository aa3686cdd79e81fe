import ReplicationModel
import Testing
import WALClock

struct ServerHistoryTests {
    private static let identity = ServerIdentity(
        versionNumber: 150018,
        version: "15.18",
        systemIdentifier: "7711412811195800757",
        clusterName: "",
        address: nil,
        postmasterStart: 1000,
        walSegmentBytes: 16 << 20
    )

    private func primary(writing end: Int64, slots: [Slot] = [], walsenders: [Walsender] = []) -> ServerSnapshot {
        var snapshot = ServerSnapshot(identity: Self.identity, role: .primary)
        let end = LSN(end)
        snapshot.primaryWAL = PrimaryWAL(inserted: end, written: end, flushed: end, timeline: 1, lastReplayed: nil)
        snapshot.slots = slots
        snapshot.walsenders = walsenders
        return snapshot
    }

    /// A minute of 1 MB/s, a snapshot a second.
    private func busyMinute() -> ServerHistory {
        var history = ServerHistory()
        for second in 0...60 {
            var snapshot = primary(writing: Int64(second) << 20)
            history.note(&snapshot, at: MonotonicTime(Double(second)), wallClock: 5000 + Double(second))
        }
        return history
    }

    @Test("A standby that replays what was written ten seconds ago is ten seconds old; one that has all is 0")
    func walsenderAges() throws {
        let history = busyMinute()
        let walsenders = [50, 60].map { second in
            let position = LSN(Int64(second) << 20)
            return Walsender(applicationName: "s\(second)", state: .streaming, current: LSN(60 << 20), flushed: LSN(60 << 20), replayed: position)
        }
        var snapshot = primary(writing: 60 << 20, walsenders: walsenders)
        history.complete(&snapshot, at: MonotonicTime(60))
        #expect(snapshot.walsenders?.map(\.replayAge) == [10, 0])
        #expect(snapshot.walsenders?.map(\.flushAge) == [0, 0])
        history.complete(&snapshot, at: MonotonicTime(63))
        #expect(snapshot.walsenders?.map(\.replayAge) == [13, 0], "idle since: the one behind grows older, the one that has all does not")
    }

    @Test("What a receiver that replays nothing has written has an age, flushed or not; that of a standby is told by what it flushed")
    func writeAges() throws {
        let history = busyMinute()
        let receiver = Walsender(applicationName: "pg_receivewal", state: .streaming, current: LSN(60 << 20), written: LSN(55 << 20))
        let standby = Walsender(
            applicationName: "s",
            state: .streaming,
            current: LSN(60 << 20),
            written: LSN(60 << 20),
            flushed: LSN(50 << 20),
            replayed: LSN(50 << 20)
        )
        var snapshot = primary(writing: 60 << 20, walsenders: [receiver, standby])
        history.complete(&snapshot, at: MonotonicTime(60))
        #expect(snapshot.walsenders?.map(\.writeAge) == [5, nil])
        #expect(snapshot.walsenders?.map(\.flushAge) == [nil, 10])
    }

    @Test("Slots have ages and a time left; a lost one has neither, and without a limit there is no time")
    func slots() throws {
        let history = busyMinute()
        let end = LSN(60 << 20)
        let slots = [
            Slot(
                name: "held",
                type: .logical,
                walStatus: .reserved,
                restart: LSN(20 << 20),
                confirmedFlush: LSN(30 << 20),
                safeWALBytes: 120 << 20,
                current: end
            ),
            Slot(name: "lost", type: .physical, walStatus: .lost, current: end),
            Slot(name: "idle_timeout", type: .physical, walStatus: .lost, restart: LSN(20 << 20), current: end),
            Slot(name: "never", type: .physical, current: end),
            Slot(name: "over", type: .physical, walStatus: .unreserved, restart: LSN(0), safeWALBytes: -5, current: end),
        ]
        var snapshot = primary(writing: 60 << 20, slots: slots)
        snapshot.settings = Settings()
        snapshot.settings?.maxSlotWALKeepSizeBytes = 160 << 20
        history.complete(&snapshot, at: MonotonicTime(60))
        let found = try #require(snapshot.slots)
        #expect(found.map(\.retainedAge) == [40, nil, nil, nil, 60])
        #expect(found.map(\.confirmedFlushAge) == [30, nil, nil, nil, nil])
        #expect(abs(try #require(found[0].timeToLost) - 120) < 1)
        #expect(found[1...3].allSatisfy { $0.timeToLost == nil })
        #expect(found[4].timeToLost == 0)

        snapshot = primary(writing: 60 << 20, slots: slots)
        snapshot.settings = Settings()
        history.complete(&snapshot, at: MonotonicTime(60))
        #expect(snapshot.slots?.allSatisfy { $0.timeToLost == nil } == true)
    }

    @Test("Before 17 a slot is inactive since it was first seen so, and no longer once it was active again")
    func inactiveSince() {
        var history = ServerHistory()
        var seen: [Double?] = []
        for (second, isActive) in [(0, true), (1, false), (2, false), (3, true), (4, false)] {
            let slot = Slot(name: "s", type: .physical, isActive: isActive, restart: LSN(0), current: LSN(100))
            var snapshot = primary(writing: 100, slots: [slot])
            history.note(&snapshot, at: MonotonicTime(Double(second)), wallClock: 5000 + Double(second))
            seen.append(snapshot.slots?.first?.inactiveSince)
        }
        #expect(seen == [nil, 5001, 5001, nil, 5004])
    }

    @Test("A collection in which the slots were not answered does not begin their inactivity anew; one in which a slot is gone does")
    func inactiveSinceSurvivesFailure() {
        var history = ServerHistory()
        func note(_ second: Double, _ slots: [Slot]?) -> Double? {
            var snapshot = primary(writing: 100)
            snapshot.slots = slots
            history.note(&snapshot, at: MonotonicTime(second), wallClock: 5000 + second)
            return snapshot.slots?.first?.inactiveSince
        }
        let slot = Slot(name: "s", type: .physical, isActive: false, restart: LSN(0), current: LSN(100))
        #expect(note(1, [slot]) == 5001)
        #expect(note(2, nil) == nil)
        #expect(note(3, [slot]) == 5001)
        #expect(note(4, []) == nil)
        #expect(note(5, [slot]) == 5005)
    }

    @Test("A standby whose receiver was not answered once forgets no history; one that was put back and started anew does")
    func endIsOnlyHalfKnown() throws {
        var history = ServerHistory()
        func note(_ second: Double, received: Int64, upstream: Int64?, start: Double = 1000) -> Double? {
            var snapshot = ServerSnapshot(identity: Self.identity, role: .standby)
            snapshot.identity.postmasterStart = start
            snapshot.recovery = Recovery(
                received: LSN(received),
                replayed: LSN(500),
                lastReplayedTransaction: nil,
                pauseState: .paused,
                timeline: nil
            )
            snapshot.receiver = upstream.map { upstream in
                let session = Receiver.Session(status: .streaming, upstreamEnd: LSN(upstream), transit: 0.001)
                return Receiver(session: session, isHidden: false, hasConnectionString: true, hasSlotName: true, hasRestoreCommand: false)
            }
            // A cascaded standby tells what is known of a position.
            snapshot.walsenders = [Walsender(applicationName: "c", state: .streaming, current: LSN(upstream ?? received), flushed: LSN(800))]
            history.note(&snapshot, at: MonotonicTime(second), wallClock: 5000 + second)
            return snapshot.walsenders?.first?.flushAge
        }
        _ = note(0, received: 800, upstream: 800)
        #expect(note(10, received: 850, upstream: 1_000) == 10)
        let before = try #require(note(20, received: 850, upstream: 1_000))
        // Not answered: what was received is less than what is known.
        #expect(note(21, received: 700, upstream: nil) == before + 1)
        #expect(note(22, received: 850, upstream: 1_000) == before + 2)
        // Put back, which takes a restart.
        #expect(note(23, received: 700, upstream: nil, start: 2000) == 0)
    }

    @Test("A flood of names costs the memory of a thousand, tells how many went, and no standby's histogram")
    func flood() throws {
        var history = busyMinute()
        func key(_ name: String) -> WalsenderKey {
            WalsenderKey(applicationName: name, clientAddress: nil, slotName: nil, slotIsTemporary: false)
        }
        for second in 0..<300 {
            let names = ["standby"] + (0..<5).map { "made up \(second) \($0)" }
            let walsenders = names.map { WALSample.Walsender(key: key($0), flushed: nil, replayed: LSN(60 << 20)) }
            history.note(WALSample(end: LSN(60 << 20), walsenders: walsenders), at: MonotonicTime(61 + Double(second)))
        }
        let newcomer = WALSample.Walsender(key: key("a new standby"), flushed: nil, replayed: LSN(60 << 20))
        history.note(WALSample(end: LSN(60 << 20), walsenders: [newcomer]), at: MonotonicTime(361))
        var snapshot = primary(writing: 60 << 20)
        history.complete(&snapshot, at: MonotonicTime(362))
        #expect(snapshot.replayAgeSamples.count == 1000)
        #expect(snapshot.evictions == [.walsender: 502, .slot: 0])
        #expect(snapshot.replayAgeSamples[key("standby")]?.count == 300)
        #expect(snapshot.replayAgeSamples[key("a new standby")]?.count == 1)
        // An hour later they have ended.
        for second in [362.0, 3_962] { history.note(WALSample(end: LSN(60 << 20), walsenders: []), at: MonotonicTime(second)) }
        history.complete(&snapshot, at: MonotonicTime(3_963))
        #expect(snapshot.replayAgeSamples.isEmpty)
    }

    @Test("A standby has a lag while it receives, and none while it does not")
    func replayLag() {
        var history = ServerHistory()
        var snapshot = ServerSnapshot(identity: Self.identity, role: .standby)
        func note(_ second: Double, upstream: Int64, replayed: Int64, status: Receiver.Status = .streaming) -> Double? {
            snapshot.recovery = Recovery(
                received: LSN(upstream),
                replayed: LSN(replayed),
                lastReplayedTransaction: nil,
                pauseState: .notPaused,
                timeline: nil
            )
            let session = Receiver.Session(status: status, upstreamEnd: LSN(upstream), transit: 0.001)
            snapshot.receiver = Receiver(session: session, isHidden: false, hasConnectionString: true, hasSlotName: true, hasRestoreCommand: false)
            history.note(&snapshot, at: MonotonicTime(second), wallClock: 5000 + second)
            return snapshot.recovery?.replayLag
        }
        #expect(note(0, upstream: 1000, replayed: 1000) == 0)
        #expect(note(10, upstream: 1000, replayed: 1000) == 0, "idle")
        #expect(note(11, upstream: 2000, replayed: 1000) == 1)
        #expect(note(15, upstream: 2000, replayed: 1000) == 5)
        #expect(note(16, upstream: 2000, replayed: 2000) == 0)
        #expect(note(17, upstream: 2000, replayed: 2000, status: .waiting) == nil)
    }

    @Test("Samples are observed once for each walsender, folded ones by the worst")
    func samples() throws {
        var history = busyMinute()
        let key = WalsenderKey(applicationName: "s", clientAddress: nil, slotName: nil, slotIsTemporary: false)
        let walsenders = [LSN(60 << 20), LSN(55 << 20)].map { WALSample.Walsender(key: key, flushed: LSN(60 << 20), replayed: $0) }
        history.note(WALSample(end: LSN(60 << 20), walsenders: walsenders), at: MonotonicTime(60.5))
        var snapshot = primary(writing: 60 << 20)
        history.complete(&snapshot, at: MonotonicTime(61))
        let histogram = try #require(snapshot.replayAgeSamples[key])
        #expect(histogram.count == 1)
        #expect(abs(histogram.sum - 5.5) < 0.6)
        let flushed = try #require(snapshot.flushAgeSamples[key])
        #expect(flushed.count == 1)
        #expect(flushed.sum == 0, "nothing would be lost, however stale the standby's queries are")
    }

    @Test("A client that replays nothing, as pg_receivewal, is sampled by what it has flushed alone")
    func receivewal() throws {
        var history = busyMinute()
        let key = WalsenderKey(applicationName: "pg_receivewal", clientAddress: nil, slotName: nil, slotIsTemporary: false)
        let walsender = WALSample.Walsender(key: key, flushed: LSN(50 << 20), replayed: nil)
        history.note(WALSample(end: LSN(60 << 20), walsenders: [walsender]), at: MonotonicTime(60.5))
        var snapshot = primary(writing: 60 << 20)
        history.complete(&snapshot, at: MonotonicTime(61))
        #expect(try #require(snapshot.flushAgeSamples[key]).count == 1)
        #expect(snapshot.replayAgeSamples.isEmpty)
    }

    @Test("Another server behind the same name forgets all")
    func anotherServer() {
        var history = busyMinute()
        var other = primary(writing: 5 << 20, slots: [Slot(name: "s", type: .physical, restart: LSN(1 << 20), current: LSN(5 << 20))])
        other.identity.systemIdentifier = "1"
        history.note(&other, at: MonotonicTime(61), wallClock: 5061)
        #expect(other.slots?.first?.retainedAge == 0, "nothing is known of its past yet")
    }

    @Test(
        "Of what was written before the exporter started a walsender's age is a lower bound where a slot's is told to a segment, and so is a distance"
    )
    func guessedLag() throws {
        var history = ServerHistory()
        let position = LSN(24 << 20)
        let slot = Slot(name: "s", type: .physical, restart: position, current: LSN(64 << 20))
        var snapshot = primary(writing: 64 << 20, slots: [slot])
        snapshot.walsenders = [Walsender(applicationName: "a", state: .streaming, current: LSN(64 << 20), flushed: LSN(64 << 20), replayed: position)]
        history.note(&snapshot, at: MonotonicTime(0), wallClock: 5000)
        history.seed([(LSN(16 << 20), 7200), (LSN(32 << 20), 3600)], at: MonotonicTime(0))
        history.complete(&snapshot, at: MonotonicTime(10))
        #expect(snapshot.slots?.first?.retainedAge == 5410 && snapshot.slots?.first?.ageIsLowerBound == false)
        let walsender = try #require(snapshot.walsenders?.first)
        #expect(walsender.replayAge == 3610 && walsender.flushAge == 0 && walsender.ageIsLowerBound)
        let distance = try #require(history.distance(of: position, readAt: MonotonicTime(10), as: "p"))
        #expect(distance.seconds == 3610 && distance.isLowerBound && distance.mostSeconds == nil)
    }

    @Test("Seeding gives ages to what was retained before the exporter started")
    func seeding() {
        var history = ServerHistory()
        let slot = Slot(name: "s", type: .physical, restart: LSN(16 << 20), current: LSN(64 << 20))
        var snapshot = primary(writing: 64 << 20, slots: [slot])
        history.note(&snapshot, at: MonotonicTime(0), wallClock: 5000)
        history.seed([(LSN(16 << 20), 7200), (LSN(32 << 20), 3600), (LSN(48 << 20), 60)], at: MonotonicTime(0))
        history.complete(&snapshot, at: MonotonicTime(10))
        #expect(snapshot.slots?.first?.retainedAge == 7210)
    }
}
