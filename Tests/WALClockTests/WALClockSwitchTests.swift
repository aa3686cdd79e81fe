import ReplicationModel
import Testing
import WALClock

/// Positions that go back, timelines that fork, samples that come late.
struct WALClockSwitchTests {
    /// The old primary wrote a megabyte a second up to 100 MB at 100 s; the clock sees the new one 30 s later.
    private func failedOver(to end: Int64, fork: Int64?) -> WALClock {
        var clock = WALClock()
        for time in 0...100 { clock.record(Int64(time) * megabyte, at: Double(time)) }
        clock.record(end * megabyte, at: 130, timeline: 2, fork: fork.map { $0 * megabyte })
        return clock
    }

    private let megabyte: Int64 = 1 << 20

    @Test(
        "After a failover positions above the fork are those of the new timeline, positions below keep their age",
        arguments: [
            // The new primary wrote on from where the standby was, and is already beyond the old end.
            (110, 90, 80, 120), (110, 90, 90, 100), (110, 90, 100, 85), (110, 90, 110, 0),
            // It is still below the old end.
            (95, 90, 80, 120), (95, 90, 90, 100), (95, 90, 94, 76), (95, 90, 95, 0), (95, 90, 100, 0),
            // The fork is not known: only what is above the new end is forgotten.
            (95, nil, 94, 106), (95, nil, 95, 0), (95, nil, 100, 0),
            (110, nil, 95, 105), (110, nil, 105, 85),
            // Nothing was lost.
            (100, nil, 100, 0), (100, 100, 100, 0), (101, 100, 100, 100), (101, 100, 99, 101),
        ] as [(Int64, Int64?, Int64, Double)]
    )
    func failover(end: Int64, fork: Int64?, position: Int64, age: Double) throws {
        let clock = failedOver(to: end, fork: fork)
        #expect(try abs(#require(clock.age(position * megabyte, at: 200)) - age) < 1e-6)
        #expect(clock.latest?.position == LSN(end * megabyte))
    }

    @Test("The same timeline, told again, or one that is not known, forks nothing")
    func noSwitch() {
        var clock = WALClock()
        clock.record(1_000, at: 0, timeline: nil)
        clock.record(2_000, at: 10, timeline: 3, fork: 500)
        clock.record(3_000, at: 20, timeline: 3, fork: 500)
        clock.record(4_000, at: 30, timeline: nil, fork: 500)
        #expect(clock.age(1_000, at: 40) == 40)
        #expect(clock.age(2_000, at: 40) == 30)
        #expect(clock.age(3_500, at: 40) == 15)
    }

    @Test("A position that goes back cuts off what was above it; what is below keeps its age, and from there it goes on")
    func positionsThatGoBack() {
        var clock = WALClock()
        for time in 0...100 { clock.record(Int64(time) * 1_000, at: Double(time)) }
        clock.record(60_500, at: 101)
        #expect(clock.latest?.position == LSN(60_500))
        #expect(clock.age(60_500, at: 103) == 0)
        #expect(clock.age(80_000, at: 103) == 0)
        #expect(clock.age(60_250, at: 103) == 42.75)
        #expect(clock.age(60_000, at: 103) == 43)
        clock.record(60_500, at: 102)
        clock.record(61_500, at: 103)
        #expect(clock.age(60_500, at: 103) == 1)
        #expect(clock.age(61_000, at: 103) == 0.5)
        #expect(clock.age(60_250, at: 103) == 42.75)
    }

    @Test("A position below all history starts it anew")
    func farBack() {
        var clock = WALClock()
        for time in 10...100 { clock.record(Int64(time) * 1_000, at: Double(time)) }
        clock.record(500, at: 101)
        #expect(clock.latest?.position == LSN(500))
        #expect(clock.age(of: LSN(400), at: MonotonicTime(103)) == WALClock.Age(seconds: 2, isLowerBound: true))
        #expect(clock.rate(over: 60, at: MonotonicTime(103)) == nil)
    }

    @Test("A sample that comes late says nothing new: it is no position that goes back, and no switch back")
    func lateSamples() {
        var clock = WALClock()
        clock.record(1_000, at: 10)
        clock.record(2_000, at: 20, timeline: 2)
        clock.record(1_400, at: 15, timeline: 2)
        clock.record(1_700, at: 15, timeline: 1, fork: 1_200)
        clock.record(1_900, at: 20, timeline: 2)
        clock.record(5_000, at: .nan, timeline: 2)
        #expect(clock.latest?.position == LSN(2_000))
        #expect(clock.age(1_400, at: 30) == 16)
        clock.record(2_500, at: 25, timeline: 3)
        #expect(clock.latest?.position == LSN(2_500))
    }

    @Test("Samples of one moment, and of earlier ones, raise the end and leave the plateau before it as it was")
    func timeThatStands() {
        var clock = WALClock()
        for time in 0...3_600 { clock.record(1_000, at: Double(time)) }
        for end in stride(from: 2_000, through: 9_000, by: 1_000) as StrideThrough<Int64> { clock.record(end, at: 3_600) }
        clock.record(10_000, at: 3_599, timeline: nil)
        #expect(clock.latest?.position == LSN(10_000))
        #expect(clock.latest?.time == MonotonicTime(3_600))
        #expect(clock.age(10_000, at: 3_605) == 0)
        #expect(clock.age(9_999, at: 3_605) == 5)
        #expect(clock.age(1_000, at: 3_605) == 5)
        #expect(clock.age(999, at: 3_605) == 3_605)
    }
}
