import Judgement
import Memory
import ReplicationModel
import Testing

struct RestoredFleetTests {
    private func restored(_ memory: FleetMemory, isTarget: (String) -> Bool = { _ in true }) throws -> FleetMemory {
        let state = Remembered(at: 1_009_000, fleet: memory.kept(at: .before(9000)))
        let read = try #require(StateReading(StateWriting.bytes(of: state)).state)
        return FleetMemory(read.fleet, at: .after(0), isTarget: isTarget)
    }

    private var divided: FleetMemory {
        var memory = FleetMemory()
        memory.note(report("a", .up(primary(start: 1.123456, at: 1 << 20))), at: .before(100))
        memory.note(report("b", .up(primary(start: 2.5, at: 1 << 20, timeline: 2))), at: .before(101))
        memory.note(report("a", .up(primary(start: 1.123456, at: 1 << 20))), at: .before(115))
        return memory
    }

    @Test("A split stays one over a restart, and goes with the targets that are configured no more")
    func splitStays() throws {
        #expect(divided.splits.count == 1)
        #expect(try restored(divided).splits == divided.splits)
        let alone = try restored(divided) { $0 == "a" }
        #expect(alone.splits.isEmpty)
    }

    @Test("The side that was started anew while nobody looked is still that side, and a suspect once it is a standby")
    func followed() throws {
        var memory = try restored(divided)
        memory.note(report("b", .up(primary(start: 2.5, at: 1 << 20, timeline: 2))), at: .after(1))
        var standby = primary(start: 77, at: 1 << 20)
        standby.role = .standby
        memory.note(report("a", .up(standby)), at: .after(2))
        #expect(memory.splits.first?.sides.filter(\.isSuspect).map(\.target) == ["a"])
    }

    @Test("A primary seen before and after in one life, and another one between, were two at a time, whoever looked")
    func across() throws {
        var memory = FleetMemory()
        memory.note(report("a", .up(primary(start: 1.123456, at: 1 << 20))), at: .before(100))
        memory.note(report("b", .up(primary(start: 2.5, at: 1 << 20, timeline: 2))), at: .before(101))
        #expect(memory.splits.isEmpty)
        memory = try restored(memory)
        #expect(memory.splits.isEmpty)
        var switched = memory
        memory.note(report("a", .up(primary(start: 1.123456, at: 1 << 20))), at: .after(1))
        #expect(memory.splits.first?.since == 1_000_101)
        // What looks like it: a switchover while nobody looked.
        switched.note(report("a", .up(primary(start: 88, at: 1 << 20, timeline: 3))), at: .after(1))
        #expect(switched.splits.isEmpty)
    }
}
