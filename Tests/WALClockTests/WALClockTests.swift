import ReplicationModel
import Testing
import WALClock

/// The truth, as tables: what a standby at a position is behind by, given when the end was where.
struct WALClockTests {
    @Test("A clock that knows nothing says nothing")
    func nothingRecorded() {
        var clock = WALClock()
        #expect(clock.age(of: LSN(5), at: MonotonicTime(100)) == nil)
        #expect(clock.rate(over: 60, at: MonotonicTime(100)) == nil)
        #expect(clock.latest == nil)
        clock.seed([(LSN(5), MonotonicTime(10)), (LSN(90), MonotonicTime(90))], systemIdentifier: "a")
        #expect(clock.age(of: LSN(5), at: MonotonicTime(100)) == nil)
        #expect(clock.rate(over: 60, at: MonotonicTime(100)) == nil)
        #expect(clock.latest == nil)
    }

    @Test("The end of an idle server is 0 seconds old, also after hours, and whatever is said to be beyond it", arguments: [0.0, 1, 3_600, 86_400])
    func idle(duration: Double) {
        var clock = WALClock()
        for time in stride(from: 0, through: duration, by: 1) { clock.record(1_000, at: time) }
        #expect(clock.age(1_000, at: duration + 0.5) == 0)
        #expect(clock.age(1_001, at: duration + 0.5) == 0)
        #expect(clock.latest?.position == LSN(1_000))
        #expect(clock.latest?.time == MonotonicTime(duration))
    }

    @Test("After hours of idleness a lag starts at the first write, not when the position was first reached")
    func writeAfterIdleness() throws {
        var clock = WALClock()
        for time in 0...7_200 { clock.record(1_000, at: Double(time)) }
        clock.record(2_000, at: 7_201)
        for (position, age) in [(999, 7_201.25), (1_000, 1.25), (1_250, 1.0), (1_999, 0.251), (2_000, 0)] as [(Int64, Double)] {
            #expect(try abs(#require(clock.age(position, at: 7_201.25)) - age) < 1e-9, "\(position)")
        }
    }

    @Test("A standby that is three seconds behind a busy primary is three seconds behind", arguments: [0.1, 1, 5])
    func busy(interval: Double) throws {
        var clock = WALClock()
        let end = { (time: Double) in Int64(time * 16_000_000) }
        for tick in 0...2_000 {
            let time = Double(tick) * interval
            clock.record(end(time), at: time)
            if tick % 15 == 7 { clock.record(end(time + interval * 0.41), at: time + interval * 0.41) }
            guard time > 20 else { continue }
            let age = try #require(clock.age(end(time - 3), at: time))
            #expect(abs(age - 3) < 0.5)
        }
    }

    @Test("While replay is paused its age grows by a second a second, busy or idle")
    func paused() throws {
        var clock = WALClock()
        var end: Int64 = 0
        for time in 0...20_000 {
            // Busy for ten minutes, idle for ten.
            if (time / 600).isMultiple(of: 2) { end += 1_000_000 }
            clock.record(end, at: Double(time))
            guard time > 100 else { continue }
            let age = try #require(clock.age(100_500_000, at: Double(time) + 0.3))
            let truth = Double(time) + 0.3 - 99.5
            #expect(abs(age - truth) < WALClock.Thinning().step(atAge: truth))
        }
    }

    @Test("A delayed standby is behind by its delay, also when writes come in bursts, and 0 seconds once it has all", arguments: [22, 300, 3_600])
    func applyDelay(delay: Int) throws {
        var clock = WALClock()
        var ends: [Int64] = []
        for time in 0...(2 * delay + 400) {
            let isBurst = time % 97 < 9
            ends.append((ends.last ?? 0) + (isBurst ? 5_000_000 : 1_000))
            clock.record(ends[time], at: Double(time))
            guard time > delay else { continue }
            let age = try #require(clock.age(ends[time - delay], at: Double(time)))
            #expect(abs(age - Double(delay)) < WALClock.Thinning().step(atAge: Double(delay)))
        }
        #expect(clock.age(ends[ends.count - 1], at: Double(ends.count + 100)) == 0)
    }

    @Test("Over a gap without samples all there is is interpolation; one in which nothing was written is a plateau")
    func gaps() {
        var clock = WALClock()
        clock.record(1_000, at: 10)
        clock.record(2_000, at: 3_610)
        clock.record(2_000, at: 7_210)
        clock.record(2_100, at: 7_211)
        #expect(clock.age(1_000, at: 7_212) == 7_202)
        #expect(clock.age(1_500, at: 7_212) == 5_402)
        #expect(clock.age(2_000, at: 7_212) == 2)
        #expect(clock.age(2_050, at: 7_212) == 1.5)
        #expect(clock.age(2_050, at: 7_000) == 0, "a question about the past has no negative answer")
    }

    @Test("A position older than all history is at least as old as that")
    func lowerBound() {
        var clock = WALClock()
        clock.record(1_000, at: 10)
        clock.record(2_000, at: 20)
        #expect(clock.age(of: LSN(999), at: MonotonicTime(50)) == WALClock.Age(seconds: 40, isLowerBound: true))
        #expect(clock.age(of: LSN(1_000), at: MonotonicTime(50)) == WALClock.Age(seconds: 40, isLowerBound: false))
        #expect(clock.age(of: LSN(2_000), at: MonotonicTime(50)) == WALClock.Age(seconds: 0, isLowerBound: false))
    }

    @Test("Another system identifier is another database: nothing of the one before remains")
    func systemIdentifier() {
        var clock = WALClock()
        clock.record(1_000, at: 10, of: "a")
        clock.record(2_000, at: 20, of: "a")
        clock.record(1_500, at: 30, of: "b")
        #expect(clock.age(of: LSN(1_400), at: MonotonicTime(50)) == WALClock.Age(seconds: 20, isLowerBound: true))
        #expect(clock.age(1_500, at: 50) == 0)
        clock.record(9_000, at: 25, of: "a")
        #expect(clock.latest?.position == LSN(1_500), "a late sample of the database before")
    }
}

/// What `clock.record` and `clock.age` come to where the rest does not matter.
extension WALClock {
    mutating func record(_ end: Int64, at time: Double, of systemIdentifier: String = "7541", timeline: Int64? = 1, fork: Int64? = nil) {
        record(LSN(end), at: MonotonicTime(time), timeline: timeline, fork: fork.map { LSN($0) }, systemIdentifier: systemIdentifier)
    }

    func age(_ position: Int64, at now: Double) -> Double? {
        age(of: LSN(position), at: MonotonicTime(now))?.seconds
    }
}
