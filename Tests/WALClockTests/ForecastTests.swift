import ReplicationModel
import Testing
import WALClock

struct ForecastTests {
    @Test(
        "What remains lasts as long as it lasts at the rate; without a rate nothing is said",
        arguments: [
            (1_000, 10, 100),
            (1, 1e12, 1e-12),
            (0, 10, 0), (-5, 10, 0), (-5, nil, 0), (0, 0, 0),
            (1_000, nil, nil), (1_000, 0, nil), (1_000, -3, nil), (1_000, .nan, nil), (1_000, .infinity, nil),
            (315_576_000, 1, 315_576_000), (315_576_001, 1, nil),
            (.max, 1e-300, nil),
        ] as [(Int64, Double?, Double?)]
    )
    func untilUsedUp(remaining: Int64, rate: Double?, seconds: Double?) {
        #expect(Forecast.secondsUntilUsedUp(remaining: remaining, rate: rate) == seconds)
    }

    /// Growth every 15 s of a life.
    private func growth(_ used: (Double) -> Double, until end: Double) -> [(time: Double, rate: Double?)] {
        var tracker = GrowthTracker()
        return stride(from: 0, through: end, by: 15).map { time in
            tracker.record(used: Int64(used(time)), at: MonotonicTime(time))
            return (time, tracker.rate(at: MonotonicTime(time)))
        }
    }

    @Test("A filesystem that fills up does so at the rate of the faster window")
    func filling() throws {
        let steady = growth({ 1e9 + $0 * 2_000 }, until: 7_200)
        for (time, rate) in steady {
            if time < 150 { #expect(rate == nil) } else { #expect(try abs(#require(rate) - 2_000) < 1) }
        }
        let burst = growth({ 1e9 + min(max($0 - 3_000, 0), 300) * 600_000 }, until: 7_200)
        for (time, rate) in burst {
            switch time {
            case ...3_000, 5_115...: #expect(rate == nil, "\(time)")
            case 3_300: #expect(try abs(#require(rate) - 600_000) < 1)
            case 3_600...4_800: #expect(try abs(#require(rate) - 100_000) < 1, "\(time)")
            default: break
            }
        }
    }

    @Test("One that shrinks, or stays as it is, has no growth", arguments: [0.0, -1_000])
    func notGrowing(slope: Double) {
        #expect(growth({ 1e12 + $0 * slope }, until: 7_200).allSatisfy { $0.rate == nil })
    }

    @Test("What comes and goes within the short window counts for little", arguments: [60.0, 100, 150])
    func sawtooth(period: Double) {
        // 1 MB/s, and all of it freed again.
        for (time, rate) in growth({ 1e9 + $0.truncatingRemainder(dividingBy: period) * 1_000_000 }, until: 7_200) where time > 600 {
            #expect((rate ?? 0) <= period * 1_000_000 / 300, "\(time)")
        }
    }

    @Test("A sample that comes late changes nothing, one of the same moment replaces the one before, and memory stays bounded at any interval")
    func odd() throws {
        var tracker = GrowthTracker()
        for tick in 0...50_000 {
            let time = Double(tick) * [0.01, 0.3, 16, 31][tick / 12_501]
            tracker.record(used: 1 << 40, at: MonotonicTime(time))
            tracker.record(used: 1 << 40, at: MonotonicTime(time - 5))
            tracker.record(used: Int64(tick), at: MonotonicTime(time))
            tracker.record(used: 1 << 40, at: MonotonicTime(.nan))
        }
        let now = MonotonicTime(50_000 * 31)
        #expect(try abs(#require(tracker.rate(at: now)) - 1 / 31) < 1e-6)
        #expect(tracker.memoryBytes < 5_000)
        #expect(tracker.rate(at: MonotonicTime(now.seconds + 1_000)) == nil, "no longer seen")
    }
}
