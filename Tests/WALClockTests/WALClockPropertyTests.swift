import ReplicationModel
import Testing
import WALClock

/// A clock against one that never thins, over random lives of servers.
struct WALClockPropertyTests {
    /// Thinned early, so that a walk of hours sees what the defaults do in weeks.
    private static let hasty = WALClock.Thinning(finestSpan: 30, levels: 5)

    @Test(
        "Ages fall as positions rise, are never negative, and are those of a clock that never thins to within the step of their age",
        arguments: 1...12 as ClosedRange<UInt64>,
        [WALClock.Thinning(), hasty]
    )
    func againstReference(seed: UInt64, thinning: WALClock.Thinning) throws {
        var life = ServerLife(seed: seed)
        var clock = WALClock(thinning: thinning)
        var reference = UnthinnedClock()
        for sample in 1...6_000 {
            life.goOn()
            clock.record(life.end, at: life.time, timeline: life.timeline, fork: life.fork)
            reference.record(life.end, at: life.time, timeline: life.timeline, fork: life.fork)
            guard sample.isMultiple(of: 400) else { continue }
            let now = life.time + life.random.below(1.5)
            var previous = Double.infinity
            for position in life.positions(60) {
                let age = try #require(clock.age(of: LSN(position), at: MonotonicTime(now)))
                #expect(age.seconds >= 0)
                #expect(age.seconds <= previous)
                previous = age.seconds
                let exact = reference.age(position, at: now)
                if age.isLowerBound {
                    #expect(age.seconds <= exact.seconds)
                    #expect(exact.isLowerBound || exact.seconds > thinning.horizon, "\(exact) was forgotten")
                } else {
                    #expect(abs(age.seconds - exact.seconds) < thinning.step(atAge: exact.seconds), "\(position): \(age), \(exact)")
                }
            }
        }
        #expect(clock.memoryBytes < 50_000)
    }

    @Test("A rate is never negative, and that of a clock that never thins when the window is recent", arguments: 1...6 as ClosedRange<UInt64>)
    func rates(seed: UInt64) {
        var life = ServerLife(seed: seed)
        var clock = WALClock(), fine = WALClock(thinning: .init(finestStep: 0, finestSpan: 1e9, levels: 1, maximumPoints: 1 << 20))
        for _ in 1...6_000 {
            life.goOn()
            for window in [60.0, 250] {
                let now = MonotonicTime(life.time)
                let (rate, exact) = (clock.rate(over: window, at: now), fine.rate(over: window, at: now))
                #expect((rate == nil) == (exact == nil))
                guard let rate, let exact else { continue }
                #expect(rate >= 0)
                // What can move across the window's start is a second's writing there, and that may be a burst.
                #expect(abs(rate - exact) * window / 2 <= ServerLife.burst + 16_000_000)
            }
            clock.record(life.end, at: life.time, timeline: life.timeline, fork: life.fork)
            fine.record(life.end, at: life.time, timeline: life.timeline, fork: life.fork)
        }
    }

    @Test("A month of samples every second fits into the bound, and its ages are right to within the step of their age")
    func month() throws {
        var clock = WALClock()
        var mostBytes = 0
        let start = LSN(16 << 20)
        let month = 30 * 86_400
        // Busy by day, idle by night.
        let end = { (second: Int) -> LSN in
            let (day, inDay) = (second / 86_400, second % 86_400)
            return LSN(start.bytes + Int64(day * 50_000 + min(inDay, 50_000)) * 1_000_000)
        }
        for second in 0...month {
            clock.record(end(second), at: MonotonicTime(Double(second)), timeline: 1, systemIdentifier: "7541")
            if second & 1023 == 0 { mostBytes = max(mostBytes, clock.memoryBytes) }
        }
        #expect(mostBytes < 50_000)
        for day in 0..<30 {
            for inDay in [1, 10_000, 49_999] {
                let second = day * 86_400 + inDay
                let truth = Double(month - second)
                let age = try #require(clock.age(of: end(second), at: MonotonicTime(Double(month))))
                #expect(!age.isLowerBound)
                #expect(abs(age.seconds - truth) < WALClock.Thinning().step(atAge: truth))
            }
        }
        // The end of a day's writing is left in the next morning.
        let evening = try #require(clock.age(of: end(60_000), at: MonotonicTime(Double(month))))
        #expect(abs(evening.seconds - Double(month - 86_400)) < WALClock.Thinning().step(atAge: Double(month - 86_400)))
    }

    @Test("However awkward the intervals, and however positions jump, memory stays under its bound", arguments: 1...4 as ClosedRange<UInt64>)
    func awkwardIntervals(seed: UInt64) {
        var random = SplitMix(state: seed)
        var clock = WALClock()
        var (time, end, mostBytes) = (0.0, Int64(1) << 30, 0)
        for tick in 1...60_000 {
            // Ten samples a millisecond, steps' halves, hours; plateaus of two samples; backwards.
            time += [0.0001, 0.51, 2.01, 8.01, 33, 129, 513, 4_000][Int(random.next() % (seed + 4))]
            if tick.isMultiple(of: 2) { end += Int64(random.next() % 1_000_000) }
            if seed == 4, tick.isMultiple(of: 5) { end -= 600_000 }
            clock.record(end, at: time)
            mostBytes = max(mostBytes, clock.memoryBytes)
        }
        #expect(mostBytes < 50_000)
    }

    @Test("When the bound bites it is the oldest history that goes")
    func boundBites() throws {
        let thinning = WALClock.Thinning(finestStep: 0, finestSpan: 1e9, levels: 1, maximumPoints: 1_000)
        var clock = WALClock(thinning: thinning)
        for time in 0...5_000 { clock.record(Int64(time), at: Double(time)) }
        #expect(clock.memoryBytes < 1_000 * 16 + 300)
        #expect(clock.age(4_300, at: 5_000) == 700)
        #expect(clock.age(of: LSN(3_000), at: MonotonicTime(5_000))?.isLowerBound == true)
    }

    @Test("History beyond the horizon is forgotten, except from where it reaches into it")
    func horizon() throws {
        let thinning = WALClock.Thinning(finestSpan: 10, levels: 2)
        var clock = WALClock(thinning: thinning)
        for time in 0...3_000 { clock.record(Int64(time), at: Double(time)) }
        let forgotten = try #require(clock.age(of: LSN(1_500), at: MonotonicTime(3_000)))
        #expect(forgotten.isLowerBound)
        #expect(forgotten.seconds >= thinning.horizon)
        // A year of silence, then writes for less than the horizon.
        for tick in 0...600 { clock.record(Int64(3_001 + tick), at: 31_536_000 + Double(tick) / 20) }
        #expect(clock.age(of: LSN(3_000), at: MonotonicTime(31_536_030)) == WALClock.Age(seconds: 31_533_030, isLowerBound: false))
    }

    @Test(
        "A step is a second for 5 minutes, and then at most a 75th of the age",
        arguments: [(0, 1), (300, 1), (301, 4), (1_200, 4), (1_201, 16), (86_400, 1_024), (4_915_200, 16_384), (1e9, 16_384)] as [(Double, Double)]
    )
    func steps(age: Double, step: Double) {
        #expect(WALClock.Thinning().step(atAge: age) == step)
        #expect(WALClock.Thinning().horizon == 4_915_200)
    }
}

/// What the clock does, without thinning and without searching.
private struct UnthinnedClock {
    private var samples: [(position: Int64, time: Double)] = []
    private var timeline: Int64 = 1

    mutating func record(_ end: Int64, at time: Double, timeline: Int64, fork: Int64?) {
        if timeline != self.timeline, let fork, let last = samples.last, fork < last.position {
            goBack(to: fork)
            samples.append((fork, last.time))
        }
        self.timeline = timeline
        if let last = samples.last, end < last.position { goBack(to: end) }
        samples.append((end, time))
    }

    private mutating func goBack(to position: Int64) {
        guard let above = samples.firstIndex(where: { $0.position > position }) else { return }
        let passed = above > 0 ? interpolate(position, above) : nil
        samples.removeSubrange(above...)
        if let passed { samples.append((position, passed)) }
    }

    func age(_ position: Int64, at now: Double) -> (seconds: Double, isLowerBound: Bool) {
        guard let next = samples.firstIndex(where: { $0.position > position }) else { return (0, false) }
        return next > 0 ? (now - interpolate(position, next), false) : (now - samples[0].time, true)
    }

    private func interpolate(_ position: Int64, _ next: Int) -> Double {
        let (lower, upper) = (samples[next - 1], samples[next])
        return lower.time + Double(position - lower.position) / Double(upper.position - lower.position) * (upper.time - lower.time)
    }
}

/// The WAL end of a server that is by turns busy, idle, bursting, unreachable, restored and failed over.
private struct ServerLife {
    static let burst = 100_000_000.0

    var random: SplitMix
    var time = 1_000.0
    var end: Int64 = 1 << 32
    var timeline: Int64 = 1
    var fork: Int64?
    private var bytesPerSecond = 1_000_000.0

    init(seed: UInt64) {
        random = SplitMix(state: seed)
    }

    mutating func goOn() {
        fork = nil
        var interval = 1 + random.below(0.01)
        switch random.next() % 1_000 {
        case 0..<10: bytesPerSecond = 0
        case 10..<20: bytesPerSecond = 1_000_000 * random.below(16)
        case 20..<24: end += Int64(random.below(Self.burst))
        case 24..<26: interval = random.below(7_200)
        case 26: end -= Int64(random.below(20_000_000))
        case 27:
            timeline += 1
            fork = end - Int64(random.below(20_000_000))
            end += Int64(random.below(40_000_000)) - 20_000_000
        case 28..<128: interval = random.below(1)
        default: break
        }
        time += interval
        end += Int64(interval * bytesPerSecond)
    }

    /// In rising order: most of them recent, some of all history, some beyond it.
    mutating func positions(_ count: Int) -> [Int64] {
        (0..<count).map { _ in
            let far = Double(end - (1 << 32)) * 1.05
            let near = min(far, 50_000_000)
            return end + 1_000 - Int64(random.below(random.next() % 2 == 0 ? near : far))
        }.sorted()
    }
}

/// Steele, Lea and Flood's SplitMix64: small, and the same everywhere.
private struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func below(_ bound: Double) -> Double {
        Double(next() >> 11) / 0x1p53 * bound
    }
}
