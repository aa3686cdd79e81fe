import Judgement
import ReplicationModel
import Testing

/// The exporter's wall clock is set while servers change their roles.
struct ClockStepTests {
    @Test("A collection that is handed out again after a step of the clock is no new sighting", arguments: [3_600.0, -3_600])
    func handedOutAgain(step: Double) {
        var memory = FleetMemory()
        memory.note(report("a", primary(start: 1)), at: moment(100))
        memory.note(report("b", primary(start: 2, timeline: 2)), at: moment(101))
        // `a` is hung since its failover: what is known of it is from before.
        memory.note(report("a", primary(start: 1)), at: moment(100, step))
        memory.note(report("b", primary(start: 2, timeline: 2)), at: moment(116, step))
        memory.note(report("a", primary(start: 1)), at: moment(100, 2 * step))
        #expect(memory.splits.isEmpty)
    }

    @Test("A switchover around a step of the clock is no split", arguments: [3_600.0, -3_600])
    func switchover(step: Double) {
        var memory = FleetMemory()
        memory.note(report("a", primary(start: 1)), at: moment(100))
        memory.note(report("a", primary(start: 1)), at: moment(115, step))
        memory.note(report("b", primary(start: 2, timeline: 2)), at: moment(130))
        memory.note(report("a", standby(start: 3, timeline: 2)), at: moment(131, step))
        memory.note(report("b", primary(start: 2, timeline: 2)), at: moment(145, -step))
        #expect(memory.splits.isEmpty)
    }

    @Test("Two primaries are seen as such whatever the clock does meanwhile", arguments: [3_600.0, -3_600])
    func split(step: Double) throws {
        var memory = FleetMemory()
        memory.note(report("a", primary(start: 1)), at: moment(100))
        memory.note(report("b", primary(start: 2, timeline: 2)), at: moment(101, step))
        memory.note(report("a", primary(start: 1)), at: moment(115))
        let split = try #require(memory.splits.first)
        // For people: as the clock was when it was seen.
        #expect(split.since == 101 + step)
        memory.note(report("b", primary(start: 2, timeline: 2)), at: moment(116))
        #expect(memory.splits.first?.lastSeen == 115)
    }

    @Test("When it was a primary last, by its own clock, does not move with the exporter's", arguments: [3_600.0, -3_600])
    func serverClock(step: Double) {
        var memory = FleetMemory()
        for time in [100.0, 115] {
            // The server's clock is right, and so is the difference, measured at each moment.
            memory.note(report("a", primary(start: 1) { $0.clockOffset = -step }), at: moment(time, step))
            memory.note(report("b", primary(start: 2, timeline: 2)), at: moment(time + 1))
        }
        #expect(memory.splits.first?.sides.first { $0.target == "a" }?.lastPrimary == 115)
    }

    @Test("Servers that name a new system at every look do not fill the memory, nor push out a real one")
    func bounded() {
        var memory = FleetMemory()
        memory.note(report("a", primary(start: 1)), at: 1)
        memory.note(report("b", primary(start: 2, timeline: 2)), at: 2)
        for number in 0..<10_000 {
            memory.note(report("odd", primary(start: 1, system: "odd\(number)")), at: Double(number + 3))
        }
        #expect(memory.rememberedSystems <= 4_096)
        memory.note(report("a", primary(start: 1)), at: 20_000)
        #expect(memory.splits.map(\.systemIdentifier) == [system])
    }

    @Test("Ever-new systems with two primaries each do not fill it either")
    func boundedSplits() {
        var memory = FleetMemory()
        for number in 0..<1_000 {
            for time in [0.0, 2] {
                memory.note(report("a", primary(start: 1, system: "\(number)")), at: Double(number * 10) + time)
                memory.note(report("b", primary(start: 2, system: "\(number)")), at: Double(number * 10) + time + 1)
            }
        }
        #expect(memory.splits.count <= 256)
    }

    /// - Parameter step: how far the exporter's wall clock is off.
    private func moment(_ seconds: Double, _ step: Double = 0) -> Moment {
        Moment(monotonic: MonotonicTime(seconds), wall: seconds + step)
    }
}
