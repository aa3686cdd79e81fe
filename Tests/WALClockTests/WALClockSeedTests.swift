import ReplicationModel
import Testing
import WALClock

struct WALClockSeedTests {
    private static let segment: Int64 = 16 << 20

    /// The modification times of finished segments, one every `interval` seconds until `end` seconds, cut to whole seconds as pg_ls_waldir has them.
    private static func segments(from start: Double, until end: Double, every interval: Double) -> [(position: LSN, time: MonotonicTime)] {
        stride(from: start + interval, through: end, by: interval).enumerated().map { index, time in
            (LSN(Int64(index + 1) * segment), MonotonicTime(time.rounded(.down)))
        }
    }

    @Test(
        "An exporter that has just started knows how old the WAL is that a slot retains, to within one segment's time",
        arguments: [0.25, 4, 90, 600]
    )
    func restart(interval: Double) throws {
        // Two hours of segments before 10,000 s, in any order, as a directory lists them.
        let points = Self.segments(from: 2_800, until: 10_000, every: interval)
        let last = try #require(points.last)
        for seeds in [points, points.reversed()] {
            var clock = WALClock()
            // The first attempt to start, hours ago, ended before the first sample.
            clock.seed([(LSN(77), MonotonicTime(9))], systemIdentifier: "7541")
            clock.seed(seeds, systemIdentifier: "7541")
            clock.record(last.position.bytes + 1_000, at: 10_000)
            let slot = try #require(clock.age(of: LSN(Self.segment / 2), at: MonotonicTime(10_000)))
            #expect(abs(slot.seconds - 7_200) < max(interval, 1) + WALClock.Thinning().step(atAge: 7_200))
            #expect(slot.isLowerBound, "the oldest segment's start is not known")
            let later = try #require(clock.age(of: LSN(last.position.bytes / 2), at: MonotonicTime(10_000)))
            #expect(abs(later.seconds - 3_600) < max(interval, 1) + WALClock.Thinning().step(atAge: 3_600))
            #expect(!later.isLowerBound)
            #expect(clock.age(last.position.bytes + 1_000, at: 10_000) == 0)
            #expect(clock.memoryBytes < 50_000)
        }
    }

    @Test("A lag is not guessed between two files' times: beyond a second, and a tenth of its age, it is the younger of them, as a lower bound")
    func lagBetweenSeeds() throws {
        var clock = WALClock()
        clock.seed([(LSN(1_000), MonotonicTime(0)), (LSN(2_000), MonotonicTime(90)), (LSN(3_000), MonotonicTime(90.5))], systemIdentifier: "7541")
        clock.record(4_000, at: 100)
        clock.record(5_000, at: 110)
        func age(_ position: Int64, at now: Double) -> WALClock.Age? { clock.ageAsSeen(of: LSN(position), at: MonotonicTime(now)) }
        // Written at any time in 90 s; half a second apart; in the 9.5 s before the first sample; between two samples, and the end.
        #expect(age(1_500, at: 110) == .init(seconds: 20, isLowerBound: true))
        #expect(age(2_500, at: 110) == .init(seconds: 19.75, isLowerBound: false))
        #expect(age(3_100, at: 110) == .init(seconds: 10, isLowerBound: true))
        #expect(age(3_936, at: 110).map { $0.seconds > 10.6 && $0.seconds < 10.7 && !$0.isLowerBound } == true)
        #expect(age(4_500, at: 110) == .init(seconds: 5, isLowerBound: false))
        #expect(age(5_000, at: 110) == .init(seconds: 0, isLowerBound: false))
        // What is old enough is known well enough.
        #expect(age(1_500, at: 1_000) == .init(seconds: 955, isLowerBound: false))
        // What a slot holds back is told to a segment, as ever.
        #expect(clock.age(of: LSN(1_500), at: MonotonicTime(110)) == .init(seconds: 65, isLowerBound: false))
    }

    @Test("It also knows the rate at once")
    func rate() throws {
        var clock = WALClock()
        clock.seed(Self.segments(from: 2_800, until: 10_000, every: 4), systemIdentifier: "7541")
        clock.record(1_800 * Self.segment, at: 10_000)
        let rate = try #require(clock.rate(over: 900, at: MonotonicTime(10_000)))
        #expect(abs(rate - Double(Self.segment / 4)) < 0.01 * rate)
    }

    @Test("Seeds only fill the past: nothing at or after the first sample changes, whether they come before or after it")
    func onlyThePast() {
        let seeds: [(position: LSN, time: MonotonicTime)] = [
            (LSN(100), MonotonicTime(10)), (LSN(200), MonotonicTime(20)), (LSN(900), MonotonicTime(97)), (LSN(2_000), MonotonicTime(40)),
            (LSN(950), MonotonicTime(105)),
        ]
        var before = WALClock()
        before.seed(seeds, systemIdentifier: "7541")
        before.record(1_000, at: 100)
        var after = WALClock()
        after.record(1_000, at: 100)
        after.seed(seeds, systemIdentifier: "7541")
        after.seed(seeds, systemIdentifier: "7541")
        for var clock in [before, after] {
            clock.record(1_500, at: 110)
            #expect(clock.latest?.position == LSN(1_500))
            for (position, passed) in [(1_250, 105), (1_000, 100), (950, 98.5), (900, 97), (200, 20), (150, 15), (100, 10)] as [(Int64, Double)] {
                #expect(clock.age(position, at: 120) == 120 - passed, "\(position)")
            }
        }
    }

    @Test("A first sample below a seed takes it for a lie, not for a position that goes back")
    func seedAboveTheEnd() {
        var clock = WALClock()
        clock.seed([(LSN(100), MonotonicTime(10)), (LSN(200), MonotonicTime(20)), (LSN(2_000), MonotonicTime(40))], systemIdentifier: "7541")
        clock.record(1_000, at: 100)
        #expect(clock.age(600, at: 120) == 60)
    }

    @Test(
        "The fewest inconsistent seeds are dropped, wherever they lie",
        arguments: [
            // From the future, from the past, at either end.
            ([10, 99, 30, 40, 50], [10, 20, 30, 40, 50]),
            ([10, 20, 30, 2, 50], [10, 20, 30, 40, 50]),
            ([99, 20, 30, 40, 50], [nil, 20, 30, 40, 50]),
            ([10, 20, 30, 40, 3], [10, 20, 30, 40, 70]),
            // Segments of one second.
            ([20, 20, 20, 20, 20], [20, 20, 20, 20, 20]),
            ([.nan, 20, 30, .infinity, 50], [nil, 20, 30, 40, 50]),
        ] as [([Double], [Double?])]
    )
    func inconsistent(times: [Double], passed: [Double?]) {
        var clock = WALClock(thinning: .init(finestStep: 0))
        clock.seed(times.enumerated().map { (LSN(Int64($0 + 1) * 100), MonotonicTime($1)) }, systemIdentifier: "7541")
        clock.record(600, at: 100)
        for (index, passed) in passed.enumerated() {
            let age = clock.age(of: LSN(Int64(index + 1) * 100), at: MonotonicTime(100))
            #expect(age?.isLowerBound == (passed == nil))
            if let passed { #expect(age?.seconds == 100 - passed, "\(index)") }
        }
    }

    @Test("Two segments of one position, of the timelines before and after a failover, are a plateau")
    func duplicates() {
        var clock = WALClock()
        clock.seed(
            [(LSN(100), MonotonicTime(10)), (LSN(200), MonotonicTime(20)), (LSN(200), MonotonicTime(50)), (LSN(300), MonotonicTime(60))],
            systemIdentifier: "7541"
        )
        clock.record(400, at: 100)
        #expect(clock.age(150, at: 100) == 85)
        #expect(clock.age(200, at: 100) == 50)
        #expect(clock.age(300, at: 100) == 40)
    }

    @Test("Seeds of another database make the clock forget, and so does a first sample of another one than the seeds")
    func otherDatabase() {
        var clock = WALClock()
        clock.seed([(LSN(100), MonotonicTime(10))], systemIdentifier: "a")
        clock.record(400, at: 100, of: "b")
        #expect(clock.age(of: LSN(100), at: MonotonicTime(110)) == WALClock.Age(seconds: 10, isLowerBound: true))
        clock.seed([(LSN(50), MonotonicTime(10))], systemIdentifier: "a")
        #expect(clock.latest == nil)
        clock.record(150, at: 120, of: "a")
        #expect(clock.age(50, at: 130) == 120)
    }
}
