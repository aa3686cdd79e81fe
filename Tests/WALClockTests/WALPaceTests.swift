import ReplicationModel
import Testing
import WALClock

/// Loads whose future is known: what is foretold must come true.
struct WALPaceTests {
    private static let far: Int64 = 1 << 50

    /// The clock of a life in which so many bytes are written in each second, at the end of it.
    private func life(_ bytes: (Int) -> Int64, until end: Int) -> WALClock {
        var clock = WALClock()
        var position: Int64 = 0
        for second in 0...end {
            position += bytes(second)
            clock.record(position, at: Double(second))
        }
        return clock
    }

    private func rate(_ clock: WALClock, _ second: Int, toWrite bytes: Int64 = far) -> Double? {
        WALPace(clock, at: MonotonicTime(Double(second))).rate(toWrite: bytes)
    }

    /// What is foretold in the last two minutes before the limit is reached at `end`: (seconds that are left, foretold).
    private func predictions(_ bytes: (Int) -> Int64, seenSince start: Int, usedUpAt end: Int) -> [(left: Double, foretold: Double?)] {
        var clock = WALClock()
        var position: Int64 = 1
        let total = (0...end).reduce(1) { $0 + bytes($1) }
        var found: [(Double, Double?)] = []
        for second in 0..<end {
            position += bytes(second)
            guard second >= start else { continue }
            clock.record(position, at: Double(second))
            guard (10...120).contains(end - second) else { continue }
            let remaining = total - position
            let foretold = Forecast.secondsUntilUsedUp(remaining: remaining, rate: rate(clock, second, toWrite: remaining))
            found.append((Double(end - second), foretold))
        }
        return found
    }

    @Test(
        "With a steady load the forecast is right within 25 % from two minutes to ten seconds ahead, at any age of the exporter",
        arguments: [8, 30, 100, 449, 451, 2_000]
    )
    func steady(age: Int) throws {
        let end = 3_000
        for (left, foretold) in predictions({ 1_000_000 + Int64($0 % 7) * 50_000 }, seenSince: end - age, usedUpAt: end) where left < Double(age) - 6
        {
            let foretold = try #require(foretold, "\(left) s ahead")
            #expect(abs(foretold - left) <= 0.25 * left, "\(left) s ahead: \(foretold)")
        }
    }

    @Test(
        "A load that doubles or is halved is followed: after 7 s and after 25 s the forecast is right within 25 %, at any age of the exporter",
        arguments: [0.5, 2],
        [10, 60, 300, 460, 2_000]
    )
    func changed(factor: Double, age: Int) throws {
        let end = 3_000
        for changedBefore in [200, 60] {
            let changedAt = end - changedBefore
            let settled = factor > 1 ? 7.0 : 25
            let load = { (second: Int) in second >= changedAt ? Int64(1_000_000 * factor) : 1_000_000 }
            for (left, foretold) in predictions(load, seenSince: changedAt - age, usedUpAt: end) where left <= Double(changedBefore) - settled {
                let foretold = try #require(foretold, "\(left) s ahead")
                #expect(abs(foretold - left) <= 0.25 * left, "\(left) s ahead: \(foretold), changed \(changedBefore) s before")
            }
        }
    }

    @Test(
        "With bursts of 20 in 90 s it is never too long by more than 25 %, never absent, and not shorter than if a burst went on",
        arguments: [300, 449, 460, 2_000],
        [3, 10, 17]
    )
    func bursts(age: Int, intoBurst: Int) throws {
        let end = 90 * 40 + intoBurst
        let load = { (second: Int) -> Int64 in second % 90 < 20 ? 5_000_000 : 0 }
        for (left, foretold) in predictions(load, seenSince: end - age, usedUpAt: end) {
            let foretold = try #require(foretold, "\(left) s ahead")
            #expect(foretold <= 1.25 * left, "\(left) s ahead: \(foretold)")
            let remaining = (0..<Int(left)).reduce(Int64(0)) { $0 + load(end - $1) }
            #expect(foretold >= 0.99 * Double(remaining) / 5_000_000, "\(left) s ahead: \(foretold)")
        }
    }

    @Test("While the load goes on as it does, no age of the exporter makes the forecast jump")
    func noJumps() throws {
        var clock = WALClock()
        var last: Double?
        var position: Int64 = 1
        for second in 0...1_500 {
            position += second < 100 ? 3_000_000 : 1_000_000
            clock.record(position, at: Double(second))
            guard second >= 160 else { continue }
            let seconds = try #require(Forecast.secondsUntilUsedUp(remaining: 140_000_000, rate: rate(clock, second, toWrite: 140_000_000)))
            if let last { #expect(abs(seconds - last) <= 0.1 * last, "at \(second) s it went from \(last) to \(seconds)") }
            last = seconds
        }
    }

    @Test("A rate is known after five seconds, and is then that of the time covered")
    func youngClock() throws {
        for second in [0, 1, 4] { #expect(rate(life({ _ in 5_000 }, until: second), second) == nil) }
        for second in [5, 6, 30, 59, 61, 450, 2_000] { #expect(try abs(#require(rate(life({ _ in 5_000 }, until: second), second)) - 5_000) < 1) }
    }

    @Test("Far ahead a burst counts at once, and for a quarter of an hour; a pause does not reset the rate")
    func burstAndPause() throws {
        let burst = { (second: Int) -> Int64 in (3_000..<3_060).contains(second) ? 60_000_000 : 1_000 }
        #expect(try abs(#require(rate(life(burst, until: 3_059), 3_059)) - 60_000_000) < 1)
        #expect(try abs(#require(rate(life(burst, until: 3_800), 3_800)) - 4_000_000) < 20_000)
        #expect(try #require(rate(life(burst, until: 3_970), 3_970)) < 1_100)
        let pause = { (second: Int) -> Int64 in (3_000..<3_300).contains(second) ? 0 : 9_000 }
        #expect(try abs(#require(rate(life(pause, until: 3_299), 3_299)) - 6_000) < 100)
        #expect(try abs(#require(rate(life(pause, until: 3_400), 3_400)) - 9_000) < 100)
    }

    @Test(
        "When writes stop the forecast only gets longer, until it is gone for good: it does not come back, and is never 0",
        arguments: [60_000_000, 300_000_000, 10_000_000_000]
    )
    func fadesOut(remaining: Int64) throws {
        var clock = life({ _ in 1_000_000 }, until: 2_000)
        let forecasts = stride(from: 2_000, through: 3_000, by: 10).map { second -> Double? in
            clock.record(2_001_000_000, at: Double(second))
            return Forecast.secondsUntilUsedUp(remaining: remaining, rate: rate(clock, second, toWrite: remaining))
        }
        let gone = try #require(forecasts.firstIndex(of: nil))
        #expect((89...91).contains(gone))
        #expect(forecasts[gone...].allSatisfy { $0 == nil })
        let told = forecasts[..<gone].compactMap(\.self)
        let first = Double(remaining) / 1_000_000
        #expect(try abs(#require(told.first) - first) < 1)
        #expect(told.allSatisfy { $0 >= first - 2 })
    }

    @Test("The few bytes of an idle primary do not bring a forecast and take it away again")
    func idle() {
        for end in stride(from: 60, through: 1_800, by: 310) {
            let rate = rate(life({ $0.isMultiple(of: 300) ? 200 : 0 }, until: end), end, toWrite: 100_000_000_000)
            #expect(Forecast.secondsUntilUsedUp(remaining: 100_000_000_000, rate: rate) == nil)
        }
    }

    @Test("A server that is no longer seen has no rate, rather than one that falls")
    func unseen() {
        let clock = life({ _ in 1_000 }, until: 2_000)
        #expect(rate(clock, 2_025) == 1_000)
        #expect(rate(clock, 2_440) == 1_000)
        #expect(rate(clock, 2_460) == nil)
    }

    @Test("What seeds tell counts for rates, and for no burst: files of one time say nothing of how fast they were written")
    func seeds() throws {
        var clock = WALClock()
        clock.record(1_000_000_000, at: 1_000)
        clock.seed((1...9).map { (LSN($0 * 100_000_000), MonotonicTime(400)) }, systemIdentifier: "1")
        for second in 1_000...1_010 { clock.record(1_000_000_000, at: Double(second)) }
        #expect(try #require(rate(clock, 1_010, toWrite: 500_000_000)) < 1_000_000)
    }
}
