import Judgement
import ReplicationModel
import Testing

/// Site 1 is `a`, site 2 is `b`. Times are the servers' too.
struct FleetMemoryTests {
    @Test("A primary that is seen again after another one was seen has been one all the time: that is remembered, with the facts of each side")
    func latched() throws {
        var memory = FleetMemory()
        memory.note(report("a", primary(start: 1)), at: 100)
        memory.note(report("b", primary(start: 2, timeline: 2)), at: 101)
        #expect(memory.splits.isEmpty)
        memory.note(report("a", primary(start: 1) { $0.clockOffset = 7 }), at: 115)
        let split = try #require(memory.splits.first)
        #expect(split.systemIdentifier == system)
        #expect(split.since == 101)
        #expect(split.lastSeen == 101)
        #expect(split.sides.map(\.target) == ["b", "a"])
        #expect(split.sides.map(\.timeline) == [2, 1])
        #expect(split.sides.map(\.lastPrimary) == [101, 122])
        memory.note(report("b", primary(start: 2, timeline: 2)), at: 116)
        #expect(memory.splits.map(\.lastSeen) == [115])
        #expect(memory.splits.first?.sides.map(\.lastPrimary) == [116, 122])
    }

    @Test("A switchover there and back is no split, since a primary becomes a standby only by a restart")
    func switchover() {
        var memory = FleetMemory()
        memory.note(report("a", primary(start: 1)), at: 100)
        memory.note(report("b", primary(start: 2, timeline: 2)), at: 101)
        memory.note(report("a", standby(start: 3, timeline: 2)), at: 116)
        memory.note(report("b", primary(start: 2, timeline: 2)), at: 117)
        memory.note(report("a", primary(start: 3, timeline: 3)), at: 130)
        memory.note(report("b", standby(start: 4, timeline: 3)), at: 131)
        memory.note(report("a", primary(start: 3, timeline: 3)), at: 146)
        #expect(memory.splits.isEmpty)
    }

    @Test("Nor is one that a single look at all servers catches halfway")
    func oneLook() {
        var memory = FleetMemory()
        memory.note(report("b", primary(start: 2)), at: 100)
        memory.note(report("a", primary(start: 1)), at: 100)
        memory.note(report("a", primary(start: 1)), at: 115)
        memory.note(report("b", standby(start: 3)), at: 115)
        #expect(memory.splits.isEmpty)
    }

    @Test("Of two that are seen at one and the same time nobody knows which one was so first")
    func sameTime() {
        var memory = FleetMemory()
        memory.note(report("a", primary(start: 1)), at: 100)
        memory.note(report("b", primary(start: 2)), at: 115)
        memory.note(report("a", primary(start: 1)), at: 115)
        #expect(memory.splits.isEmpty)
    }

    @Test("Looks at all servers at one and the same time see a split by the third look")
    func equalTimes() {
        var memory = FleetMemory()
        for time in [100.0, 115, 130] {
            memory.note(report("a", primary(start: 1)), at: time)
            memory.note(report("b", primary(start: 2, timeline: 2)), at: time)
        }
        #expect(memory.splits.count == 1)
    }

    @Test("A virtual address that moves with the primary, and a server of another system, are no second primary")
    func addressThatMoves() {
        var memory = FleetMemory()
        for time in stride(from: 100.0, to: 200, by: 10) {
            memory.note(report("vip", primary(start: 1)), at: time)
            memory.note(report("a", primary(start: 1)), at: time + 1)
            memory.note(report("x", primary(start: 9, system: "8")), at: time + 2)
        }
        memory.note(report("vip", primary(start: 2, timeline: 2)), at: 210)
        memory.note(report("b", primary(start: 2, timeline: 2)), at: 211)
        memory.note(report("vip", primary(start: 2, timeline: 2)), at: 220)
        #expect(memory.splits.isEmpty)
    }

    @Test("Sides go by the name of the target that stays at its server, whatever moves meanwhile")
    func sidesAndAddresses() {
        var memory = FleetMemory()
        // A name that comes first, and nothing that gives it away.
        for time in [100.0, 110] {
            memory.note(report("a-vip", primary(start: 1)), at: time)
            memory.note(report("a", primary(start: 1)), at: time + 1)
            memory.note(report("b", primary(start: 2, timeline: 2)), at: time + 2)
        }
        #expect(memory.splits.count == 1)
        memory.note(report("a-vip", primary(start: 2, timeline: 2)), at: 120)
        memory.note(report("a", primary(start: 1)), at: 121)
        memory.note(report("b", primary(start: 2, timeline: 2)), at: 122)
        #expect(Set(memory.splits.flatMap(\.sides).map(\.target)) == ["a", "b"])
        // It comes back as a standby.
        memory.note(report("a", naive(start: 3)), at: 140)
        #expect(memory.splits.first?.sides.filter(\.isSuspect).map(\.target) == ["a"])
    }

    @Test("Where a virtual address leads says nothing of the server that it led to before: nobody else is blamed for that one's time as a primary")
    func addressAlone() {
        var memory = FleetMemory()
        let expected = Expectations(role: .primary)
        for time in [100.0, 110] {
            memory.note(report("c", standby(start: 3), member: "c"), at: time)
            // The primary itself has not been reached yet but by its address.
            memory.note(report("vip", primary(start: 1), expecting: expected), at: time + 1)
            memory.note(report("b", primary(start: 2, timeline: 2), member: "b"), at: time + 2)
        }
        #expect(memory.splits.count == 1)
        memory.note(report("vip", standby(start: 3), expecting: expected), at: 120)
        memory.note(report("c", standby(start: 3), member: "c"), at: 121)
        #expect(suspects(memory) == [])
        #expect(Set(memory.splits.flatMap(\.sides).map(\.target)) == ["b", "vip"])
        // A restart behind the address, by all that is known.
        var other = FleetMemory()
        for time in [100.0, 110] {
            other.note(report("vip", primary(start: 1), expecting: expected), at: time + 1)
            other.note(report("b", primary(start: 2, timeline: 2), member: "b"), at: time + 2)
        }
        other.note(report("vip", naive(start: 4), expecting: expected), at: 120)
        #expect(suspects(other) == ["vip"])
    }

    @Test("The naive failback keeps its own history file, and stays remembered")
    func naiveFailback() {
        var memory = split()
        memory.note(report("a", naive(start: 3)), at: 200)
        memory.note(report("b", primary(start: 2, timeline: 2)), at: 201)
        memory.note(report("a", naive(start: 4)), at: 300)
        #expect(suspects(memory) == ["a"])
    }

    @Test("A history file that it fetches when the survivor's timeline changes proves nothing")
    func fetchedHistory() {
        var memory = split()
        memory.note(report("a", naive(start: 3)), at: 200)
        memory.note(report("b", primary(start: 2, timeline: 3)), at: 300)
        for time in [301.0, 316] {
            memory.note(report("a", standby(start: 3, timeline: 3) { $0.walDirectory = directory(oldest: 0, history: 3, modified: 300) }), at: time)
            #expect(suspects(memory) == ["a"])
        }
        // Nor does a restart of the server.
        memory.note(report("a", standby(start: 4, timeline: 3) { $0.walDirectory = directory(oldest: 0, history: 3, modified: 300) }), at: 330)
        #expect(suspects(memory) == ["a"])
        // But one that is written again does.
        memory.note(report("a", standby(start: 5, timeline: 3) { $0.walDirectory = directory(oldest: 0, history: 3, modified: 400) }), at: 401)
        #expect(memory.splits.isEmpty)
    }

    @Test("A history file written anew proves a rewind or base backup, and what was seen before does not bring the split back")
    func rebuilt() {
        var memory = split()
        memory.note(report("a", rebuiltStandby(start: 3)), at: 200)
        #expect(memory.splits.isEmpty)
        memory.note(report("b", primary(start: 2, timeline: 2)), at: 201)
        memory.note(report("b", primary(start: 2, timeline: 2)), at: 216)
        #expect(memory.splits.isEmpty)
    }

    @Test(
        "Not proven: history that was not read, read before, older than its time as a primary, or of an older timeline, and one that is refused",
        arguments: [
            { $0.walDirectory = nil },
            { $0.walDirectory = directory(oldest: 0, history: 2, modified: 190, readAt: 120) },
            { $0.walDirectory = directory(oldest: 0, history: 2, modified: 110) },
            { $0.walDirectory = directory(oldest: 0, history: 2, modified: nil) },
            { $0.receiver?.session = nil },
        ] as [@Sendable (inout ServerSnapshot) -> Void]
    )
    func unproven(change: @Sendable (inout ServerSnapshot) -> Void) {
        var memory = split()
        memory.note(
            report(
                "a",
                standby(start: 3, timeline: 2) { snapshot in
                    snapshot.walDirectory = directory(oldest: 0, history: 2, modified: 190)
                    change(&snapshot)
                }
            ),
            at: 200
        )
        #expect(suspects(memory) == ["a"])
    }

    @Test("A rebuilt standby that does not stream yet is proven when it does")
    func rebuiltAndStarting() {
        var memory = split()
        memory.note(
            report("a", standby(start: 3, timeline: 2, isUp: false) { $0.walDirectory = directory(oldest: 0, history: 2, modified: 190) }),
            at: 200
        )
        #expect(suspects(memory) == ["a"])
        memory.note(report("b", primary(start: 2, timeline: 2)), at: 201)
        memory.note(report("a", rebuiltStandby(start: 3)), at: 215)
        #expect(memory.splits.isEmpty)
    }

    @Test("A former primary that is refused receives WAL of its own timeline at each retry: that and the history file that it fetched prove nothing")
    func refusedAgainAndAgain() {
        var memory = split(timelines: (1, 2))
        func look(_ start: Double, receives timeline: Int64, historyFrom modified: Double, at time: Double) {
            let snapshot = standby(start: start) {
                $0.walDirectory = directory(oldest: 0, history: 2, modified: modified)
                $0.receiver?.session?.timeline = timeline
            }
            memory.note(report("a", snapshot), at: time)
        }
        for time in [200.0, 215] {
            look(3, receives: 1, historyFrom: 190, at: time)
            #expect(suspects(memory) == ["a"])
        }
        // Nor does it when a restart lets it go on.
        look(4, receives: 2, historyFrom: 190, at: 230)
        #expect(suspects(memory) == ["a"])
        look(5, receives: 2, historyFrom: 240, at: 250)
        #expect(memory.splits.isEmpty, "rewound")
    }

    @Test("A side whose timeline went back has another data directory", arguments: [nil, 1, 2] as [Int64?])
    func timelineWentBack(history: Int64?) {
        var memory = split(timelines: (3, 2))
        memory.note(
            report(
                "a",
                standby(start: 3, timeline: 2) { $0.walDirectory = directory(oldest: 0, history: history, modified: history.map { _ in 50 }) }
            ),
            at: 200
        )
        #expect(memory.splits.isEmpty)
    }

    @Test("Without any promotion there is no history file, and its absence proves nothing")
    func noHistory() {
        var memory = split(timelines: (1, 1))
        memory.note(report("a", standby(start: 3)), at: 200)
        #expect(suspects(memory) == ["a"])
    }

    @Test("A split outlives restarts, and a switchover of the survivor, which is not under suspicion")
    func survivorSwitches() {
        var memory = split()
        memory.note(report("a", primary(start: 5, timeline: 2)), at: 150)
        memory.note(report("a", naive(start: 6)), at: 200)
        memory.note(report("b2", primary(start: 7, timeline: 3)), at: 300)
        memory.note(report("b", standby(start: 8, timeline: 3) { $0.walDirectory = directory(oldest: 0, history: 3, modified: 300) }), at: 301)
        #expect(suspects(memory) == ["a"])
        #expect(memory.splits.first?.sides.map(\.target).sorted() == ["a", "b"])
    }

    @Test("Another system in its place, and a target that is configured no more, end it")
    func gone() {
        var memory = split()
        memory.note(report("a", primary(start: 9, system: "8")), at: 200)
        #expect(memory.splits.isEmpty)
        memory = split()
        memory.keep(onlyTargets: ["a", "b"])
        #expect(memory.splits.count == 1)
        memory.keep(onlyTargets: ["b"])
        #expect(memory.splits.isEmpty)
        // Nothing of it comes back.
        memory.note(report("b", primary(start: 2, timeline: 2)), at: 300)
        #expect(memory.splits.isEmpty)
    }

    @Test("Three primaries from the start: since the second was seen, until the last of the others was")
    func threeAtOnce() {
        var memory = FleetMemory()
        for (index, target) in ["a", "b", "c", "a"].enumerated() {
            memory.note(report(target, primary(start: Double(target.utf8.first!))), at: 100 + Double(index))
        }
        #expect(memory.splits.map(\.since) == [101])
        #expect(memory.splits.map(\.lastSeen) == [102])
        #expect(memory.splits.first?.sides.map(\.target) == ["b", "c", "a"])
    }

    @Test("A third primary is another side, and a side that was rebuilt leaves the others as they were")
    func third() {
        var memory = split()
        memory.note(report("c", primary(start: 4, timeline: 2)), at: 130)
        memory.note(report("b", primary(start: 2, timeline: 2)), at: 131)
        #expect(memory.splits.first?.sides.map(\.target).sorted() == ["a", "b", "c"])
        #expect(memory.splits.first?.lastSeen == 130)
        memory.note(report("a", rebuiltStandby(start: 3)), at: 200)
        #expect(memory.splits.first?.sides.map(\.target).sorted() == ["b", "c"])
    }

    @Test("A target that is down changes nothing")
    func down() {
        var memory = split()
        let before = memory.splits
        memory.note(downReport("a", lastSeen: standby(start: 3)), at: 200)
        #expect(memory.splits == before)
    }

    /// Two primaries at 110 and after.
    private func split(timelines: (a: Int64, b: Int64) = (2, 2)) -> FleetMemory {
        var memory = FleetMemory()
        for time in [110.0, 120] {
            memory.note(report("a", primary(start: 1, timeline: timelines.a)), at: time)
            memory.note(report("b", primary(start: 2, timeline: timelines.b)), at: time + 1)
        }
        return memory
    }

    /// Follows with the history file of its own promotion.
    private func naive(start: Double) -> ServerSnapshot {
        standby(start: start, timeline: 2) { $0.walDirectory = directory(oldest: 0, history: 2, modified: 51) }
    }

    private func rebuiltStandby(start: Double) -> ServerSnapshot {
        standby(start: start, timeline: 2) { $0.walDirectory = directory(oldest: 0, history: 2, modified: 190) }
    }

    private func suspects(_ memory: FleetMemory) -> [String] {
        memory.splits.flatMap(\.sides).filter(\.isSuspect).map(\.target)
    }
}
