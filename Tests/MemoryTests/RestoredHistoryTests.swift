import Judgement
import Memory
import ReplicationModel
import Testing
import WALClock

/// A process ends at Unix time 1,009,000 and the next one begins at 1,010,000.
struct RestoredHistoryTests {
    /// Through bytes, as it is.
    private func restored(_ history: ServerHistory, isComplete: Bool = true, at now: Moment = .after(0)) throws -> ServerHistory {
        let kept = RememberedTarget(name: "a", at: 1_009_000, history: history.kept(at: .before(9000)), observed: nil)
        let state = try #require(StateReading(StateWriting.bytes(of: Remembered(at: 1_009_000, targets: [kept]))).state)
        return ServerHistory(try #require(state.targets[0].history), at: now, keptAt: 1_009_000, isComplete: isComplete)
    }

    @Test("Ages are at once what they would have been, to the ten seconds that are kept")
    func ages() throws {
        var original = busyHistory()
        var history = try restored(original)
        for position in [10, 1000, 5000, 8000, 8990].map({ Int64($0) << 20 }) {
            var before = primary(at: 9000 << 20, slots: [slot("s", at: position)])
            var after = before
            original.note(&before, at: Moment.before(10_001).monotonic, wallClock: 1_010_001)
            history.note(&after, at: Moment.after(1).monotonic, wallClock: 1_010_001)
            let (was, is_) = (try #require(before.slots?[0].retainedAge), try #require(after.slots?[0].retainedAge))
            #expect(abs(was - is_) <= 10, "\(position): \(was) and \(is_)")
        }
    }

    @Test("Nothing that was written meanwhile is an idle time, and a time in which nobody looked is no rate of an hour")
    func gap() throws {
        var history = try restored(busyHistory())
        var snapshot = primary(at: 20_000 << 20, slots: [slot("s", at: 9000 << 20)])
        history.note(&snapshot, at: Moment.after(1).monotonic, wallClock: 1_010_001)
        #expect(try #require(snapshot.slots?[0].retainedAge) <= 1001.1)
        // Nor does a server that was away for an hour tell what it wrote when.
        var later = primary(at: 900_000 << 20)
        history.note(&later, at: Moment.after(3601).monotonic, wallClock: 1_013_601)
        #expect(history.hours.rates(overLast: 4, at: 1_010_000).allSatisfy { abs($0 - 1_048_576) < 2 })
        #expect(history.hours.rates(overLast: 4, at: 1_010_000).count == 4)
        #expect(history.hours.rate(atQuantile: 0.9, overLast: 4, at: 1_010_000).map { abs($0 - 1_048_576) < 2 } == true)
    }

    @Test("What the segments in pg_wal tell fills the time in which nobody looked")
    func seedsInGap() throws {
        var history = try restored(busyHistory())
        var snapshot = primary(at: 20_000 << 20, slots: [slot("s", at: 15_000 << 20)])
        history.note(&snapshot, at: Moment.after(1).monotonic, wallClock: 1_010_001)
        // All of it was written in the last ten seconds.
        history.seed([(LSN(9001 << 20), 11), (LSN(19_000 << 20), 2), (LSN(19_500 << 20), 5000)], at: Moment.after(1).monotonic)
        history.complete(&snapshot, at: Moment.after(1).monotonic)
        #expect(try #require(snapshot.slots?[0].retainedAge) < 11)
    }

    @Test("Another database behind the same name inherits nothing")
    func otherServer() throws {
        var history = try restored(busyHistory(slots: [slot("dead", lost: true)]))
        var snapshot = primary(at: 9000 << 20, slots: [slot("dead")], system: "42")
        snapshot.slots?[0].restart = LSN(5 << 20)
        history.note(&snapshot, at: Moment.after(1).monotonic, wallClock: 1_010_001)
        #expect(snapshot.slotRecords.first?.recreations == 0)
        #expect(snapshot.slotRecords.first?.lostAt == nil)
        #expect(snapshot.flushAgeSamples.isEmpty)
        #expect(try #require(snapshot.slots?[0].retainedAge) < 2)
    }

    @Test("A slot that was lost before and is valid now was made anew; one that was valid is not said to have been there all the time")
    func slots() throws {
        var history = try restored(busyHistory(slots: [slot("dead", lost: true), slot("well")]))
        var snapshot = primary(at: 9000 << 20, slots: [slot("dead"), slot("well")])
        history.note(&snapshot, at: Moment.after(1).monotonic, wallClock: 1_010_001)
        let records = Dictionary(uniqueKeysWithValues: snapshot.slotRecords.map { ($0.name, $0) })
        #expect(records["dead"]?.recreations == 1)
        #expect(records["dead"]?.lostAt == 1_000_000)
        #expect(records["well"]?.recreations == 0)
        #expect(records["well"]?.seenSince == 1_010_001)
    }

    @Test("Counters go on from a stop; after a sudden end they begin anew, for one that falls by a little would count twice")
    func counters() throws {
        for isComplete in [true, false] {
            var history = try restored(busyHistory(), isComplete: isComplete)
            var snapshot = primary(at: 9000 << 20)
            history.note(&snapshot, at: Moment.after(1).monotonic, wallClock: 1_010_001)
            #expect(snapshot.flushAgeSamples.values.map(\.count) == (isComplete ? [8400] : []))
        }
    }

    @Test("A wall clock that was put back makes no position one of the future")
    func clockPutBack() throws {
        // The fleet lets time stand still until the file's.
        var history = try restored(busyHistory(), at: Moment(monotonic: MonotonicTime(0), wall: 1_009_000))
        var snapshot = primary(at: 9000 << 20, slots: [slot("s", at: 8900 << 20)])
        history.note(&snapshot, at: MonotonicTime(1), wallClock: 5000)
        #expect(abs(try #require(snapshot.slots?[0].retainedAge) - 101) <= 10)
    }

    @Test("Nothing that a file may say makes it trap")
    func hostile() {
        for text in ["", "!", "A", "_______________", "gggggg", "__________B", String(repeating: "_B", count: 5000)] {
            let clock = WALClock.Kept(systemIdentifier: system, timeline: .max, positions: text, times: text)
            _ = WALClock(clock, at: .after(0))
            _ = WALHours(WALHours.Kept(firstHour: .max, rates: text, watched: text))
            _ = NumberText.numbers(in: text)
        }
        let extremes: [Int64] = [.min, .max, 0, -1, 1, .min, .max]
        #expect(NumberText.numbers(in: NumberText.text(of: extremes)) == extremes)
        _ = WALClock(
            WALClock.Kept(
                systemIdentifier: system,
                timeline: 1,
                positions: NumberText.text(of: [.max, .max, .max]),
                times: NumberText.text(of: [.max, .max, .max])
            ),
            at: .after(0)
        )
    }
}
