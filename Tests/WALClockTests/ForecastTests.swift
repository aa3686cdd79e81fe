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

    /// Rates in bytes per second for the seconds of a life.
    private func rates(_ bytes: (Int) -> Int64, until end: Int) -> [Double?] {
        var clock = WALClock()
        var position: Int64 = 0
        return (0...end).map { second in
            position += bytes(second)
            clock.record(position, at: Double(second))
            return Forecast.walRate(clock, at: MonotonicTime(Double(second)))
        }
    }

    @Test("A rate is known after half of the short window, and is then that of the time covered")
    func youngClock() throws {
        let rates = rates({ _ in 5_000 }, until: 2_000)
        #expect(rates[0..<30].allSatisfy { $0 == nil })
        for rate in rates[30...] { #expect(try abs(#require(rate) - 5_000) < 1) }
    }

    @Test("A burst counts at once, and for the long window; a pause does not reset the rate")
    func burstAndPause() throws {
        let burst = rates({ (3_000..<3_060).contains($0) ? 60_000_000 : 1_000 }, until: 5_000)
        #expect(try abs(#require(burst[3_059]) - 60_000_000) < 1)
        #expect(try abs(#require(burst[3_800]) - 4_000_000) < 20_000)
        #expect(try #require(burst[3_000 + 970]) < 1_100)
        let pause = rates({ (3_000..<3_300).contains($0) ? 0 : 9_000 }, until: 5_000)
        #expect(try abs(#require(pause[3_299]) - 6_000) < 100)
        #expect(try abs(#require(pause[3_400]) - 9_000) < 100)
    }

    @Test("When writes stop the forecast only gets longer, until it is gone for good: it does not come back, and is never 0")
    func fadesOut() throws {
        let rates = rates({ $0 <= 2_000 ? 1_000_000 : 0 }, until: 4_000)
        let forecasts = rates[2_000...].map { Forecast.secondsUntilUsedUp(remaining: 10_000_000_000, rate: $0) }
        let gone = try #require(forecasts.firstIndex(of: nil))
        #expect((895...905).contains(gone))
        #expect(forecasts[gone...].allSatisfy { $0 == nil })
        let told = forecasts[..<gone].compactMap(\.self)
        #expect(try abs(#require(told.first) - 10_000) < 1)
        #expect(zip(told, told.dropFirst()).allSatisfy { $0 <= $1 + 1e-6 })
        #expect(rates[3_000...].allSatisfy { $0 == 0 })
    }

    @Test("The few bytes of an idle primary do not bring a forecast and take it away again")
    func idle() {
        let rates = rates({ $0.isMultiple(of: 300) ? 200 : 0 }, until: 7_200)
        for rate in rates[60...] {
            #expect(Forecast.secondsUntilUsedUp(remaining: 100_000_000_000, rate: rate) == nil)
        }
    }

    @Test("A server that is no longer seen has no rate, rather than one that falls")
    func unseen() {
        var clock = WALClock()
        for time in 0...2_000 { clock.record(Int64(time) * 1_000, at: Double(time)) }
        #expect(clock.rate(over: 60, at: MonotonicTime(2_025)) == 1_000)
        #expect(clock.rate(over: 60, at: MonotonicTime(2_031)) == nil)
        #expect(Forecast.walRate(clock, at: MonotonicTime(2_440)) == 1_000)
        #expect(Forecast.walRate(clock, at: MonotonicTime(2_460)) == nil)
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
