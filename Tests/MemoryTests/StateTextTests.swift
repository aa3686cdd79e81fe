import Judgement
import Memory
import ReplicationModel
import Testing
import WALClock

struct StateTextTests {
    @Test("What is written is read again, to the last digit")
    func roundTrip() throws {
        let state = richState(isComplete: true)
        let bytes = StateWriting.bytes(of: state)
        let reading = StateReading(bytes)
        #expect(reading.problem == nil)
        let read = try #require(reading.state)
        #expect(read.at == state.at)
        #expect(read.isComplete)
        #expect(read.fleet == state.fleet)
        #expect(read.targets == state.targets)
        #expect(read.events == state.events)
        #expect(read.eventCounts == state.eventCounts)
        #expect(StateWriting.bytes(of: read) == bytes)
    }

    @Test("Cut off at any byte, it is known to be broken, and every line that is whole counts")
    func truncated() throws {
        let bytes = StateWriting.bytes(of: richState())
        for length in bytes.indices {
            let reading = StateReading(Array(bytes.prefix(length)))
            // Only the line's end after the last line may be missing: the checksum says that all is there.
            #expect((reading.problem == nil) == (length == bytes.count - 1), "\(length) of \(bytes.count)")
            #expect(reading.state?.isComplete != true)
        }
        let half = StateReading(Array(bytes.prefix(bytes.count - 100)))
        #expect(half.state?.fleet.systems.first?.split?.sides.count == 2, "what was proven stands first")
    }

    @Test("One wrong byte anywhere costs its line, and shows")
    func flipped() throws {
        let state = richState()
        let bytes = StateWriting.bytes(of: state)
        let headLength = try #require(bytes.firstIndex(of: 10))
        for (number, index) in bytes.indices.enumerated() where number < 1500 || number % 37 == 0 || index > bytes.count - 500 {
            var broken = bytes
            broken[index] ^= UInt8(1 << (number % 8))
            if broken[index] == bytes[index] { continue }
            let reading = StateReading(broken)
            // The case of a checksum's digits means nothing; a line's end that is another character joins two lines.
            if reading.problem == nil {
                #expect(index > headLength, "byte \(index)")
                #expect(reading.state?.fleet == state.fleet && reading.state?.targets == state.targets && reading.state?.events == state.events)
            }
            if let read = reading.state {
                for system in read.fleet.systems { #expect(state.fleet.systems.contains(system)) }
                for target in read.targets { #expect(state.targets.contains(target)) }
                for event in read.events { #expect(state.events.contains(event)) }
            }
        }
    }

    @Test("A file of a later version, and one that is none of ours, are told apart from a broken one")
    func others() {
        #expect(StateReading(Array("pgwal_exporter state 2\n{\"anything\": true}\n".utf8)).problem == .newer(2))
        #expect(StateReading(Array("targets: [{name: a, dsn: x}]\n".utf8)).problem == .foreign)
        #expect(StateReading([UInt8](repeating: 0, count: 4096)).problem == .foreign)
        #expect(StateReading([]).problem == .broken(lines: 0))
        #expect(StateReading(Array("pgwal_exp".utf8)).problem == .broken(lines: 1))
        #expect(StateReading(Array("pgwal_exporter state -1\n".utf8)).problem == .broken(lines: 1))
        #expect(StateReading(Array("pgwal_exporter state 1\n".utf8)).state == nil)
    }

    @Test("A target takes 200 KB at most, and what happened to its slots is the last to go")
    func bounded() throws {
        var history = ServerHistory()
        // Awkward intervals for months, a thousand slots with long names, hundreds of walsenders.
        let slots = (0..<1000).map { slot(String(repeating: "x", count: 59) + "\($0 + 1000)", lost: $0 == 999) }
        var (time, end) = (0.0, Int64(0))
        for step in 0..<4_000 {
            time += step % 100 == 0 ? 90_000 : 1.7
            end += Int64(step % 77) * 65_537_111
            var snapshot = primary(at: end, slots: step % 1000 == 0 ? slots : [])
            if step % 1000 != 0 { snapshot.slots = nil }
            history.note(&snapshot, at: MonotonicTime(time), wallClock: 1_000_000 + time)
            guard step == 3_998 else { continue }
            let senders = (0..<190).map { number in
                WALSample.Walsender(
                    key: WalsenderKey(
                        applicationName: String(repeating: "y", count: 55) + "\(number)",
                        clientAddress: "2001:db8:aaaa:bbbb:cccc:dddd:eeee:\(number)",
                        slotName: String(repeating: "z", count: 55) + "\(number)",
                        slotIsTemporary: false
                    ),
                    flushed: LSN(end),
                    replayed: LSN(end)
                )
            }
            history.note(WALSample(end: LSN(end), walsenders: senders), at: MonotonicTime(time))
        }
        let now = Moment(monotonic: MonotonicTime(time), wall: 1_000_000 + time)
        var observed: ObservedTarget?
        _ = ObservedTarget.events(of: report("a", .up(primary(at: end, slots: slots))), at: now.wall, after: &observed)
        let target = RememberedTarget(name: "a", at: now.wall, history: history.kept(at: now), observed: observed)
        var writing = StateWriting()
        let bytes = writing.target(target)
        #expect(bytes.count <= StateWriting.mostBytesPerTarget)
        let reading = StateReading(StateWriting.bytes(of: Remembered(at: 5, targets: [target])))
        #expect(reading.problem == nil)
        let kept = try #require(reading.state?.targets.first?.history)
        #expect(kept.slots.slots.contains { $0.record.lostAt != nil })
        #expect(kept.clock != nil)
    }
}
