import ReplicationModel
import Testing
import WALClock

struct NamedMemoryTests {
    private func see(_ names: [String], in memory: inout NamedMemory<String, Int>, at seconds: Double) {
        memory.see(Dictionary(uniqueKeysWithValues: names.map { ($0, 1) }), at: MonotonicTime(seconds), initial: 0) { $0 += $1 }
    }

    @Test("What is there is brought up to date; what is away is kept for an hour, and begins anew after it")
    func lifetime() {
        var memory = NamedMemory<String, Int>()
        see(["a", "b"], in: &memory, at: 0)
        see(["a"], in: &memory, at: 10)
        see(["a"], in: &memory, at: 3_609)
        #expect(memory.values == ["a": 3, "b": 1])
        see(["a"], in: &memory, at: 3_610)
        #expect(memory.values == ["a": 4])
        see(["a", "b"], in: &memory, at: 3_611)
        #expect(memory.values == ["a": 5, "b": 1])
        #expect(memory.evictions == 0, "whose time is over is not evicted")
    }

    @Test("Who comes back within the hour has another hour")
    func comesBack() {
        var memory = NamedMemory<String, Int>()
        for (seconds, names) in [(0.0, ["a"]), (10, []), (3_600, ["a"]), (3_700, []), (7_200, [])] { see(names, in: &memory, at: seconds) }
        #expect(memory.values == ["a": 2])
    }

    @Test("An outage of ours is no absence of theirs")
    func outage() {
        var memory = NamedMemory<String, Int>()
        see(["a"], in: &memory, at: 0)
        see([], in: &memory, at: 90_000)
        #expect(memory.values == ["a": 1])
        see([], in: &memory, at: 93_600)
        #expect(memory.values.isEmpty)
    }

    @Test("At the limit who has been away for longest goes, and is counted; a newcomer never, nor who is there")
    func flood() {
        var memory = NamedMemory<String, Int>(limit: 100)
        see(["old", "standby"], in: &memory, at: 0)
        for second in 1...1_000 { see(["standby", "made up \(second)"], in: &memory, at: Double(second)) }
        #expect(memory.count == 100)
        #expect(memory.evictions == 1_002 - 100)
        #expect(memory.values["standby"] == 1_001 && memory.values["old"] == nil)
        #expect(memory.values["made up 1000"] == 1 && memory.values["made up 902"] == 1 && memory.values["made up 901"] == nil)
        see(["standby", "a new standby"], in: &memory, at: 1_001)
        #expect(memory.values["a new standby"] == 1 && memory.values["standby"] == 1_002)
    }

    @Test("Where more are there at once than the limit, who was there before stays")
    func tooManyAtOnce() {
        var memory = NamedMemory<String, Int>(limit: 10)
        see(["standby"], in: &memory, at: 0)
        for second in 1...5 { see(["standby"] + (0..<50).map { "\(second) \($0)" }, in: &memory, at: Double(second)) }
        #expect(memory.count == 10)
        #expect(memory.values["standby"] == 6)
    }

    @Test("Another server's names are forgotten; what was evicted stays counted")
    func forgetAll() {
        var memory = NamedMemory<String, Int>(limit: 1)
        see(["a", "b"], in: &memory, at: 0)
        memory.forgetAll()
        #expect(memory.values.isEmpty && memory.evictions == 1)
    }
}
