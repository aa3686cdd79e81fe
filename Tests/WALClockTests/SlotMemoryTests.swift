import ReplicationModel
import Testing
import WALClock

struct SlotMemoryTests {
    private var memory = SlotMemory()

    private func slot(
        _ name: String = "orders",
        _ status: Slot.WALStatus? = .reserved,
        type: Slot.SlotType = .logical,
        plugin: String? = "pgoutput",
        restart: Int64? = 100,
        confirmed: Int64? = 110
    ) -> Slot {
        Slot(
            name: name,
            type: type,
            plugin: plugin,
            database: "postgres",
            walStatus: status,
            restart: status == .lost ? nil : restart.map(LSN.init),
            confirmedFlush: confirmed.map(LSN.init),
            current: LSN(500)
        )
    }

    private func records(_ steps: [(inout SlotMemory, Double) -> Void]) -> [SlotRecord] {
        var memory = SlotMemory()
        for (index, step) in steps.enumerated() { step(&memory, Double(index) * 15) }
        return memory.records
    }

    private func listed(_ slots: Slot...) -> (inout SlotMemory, Double) -> Void {
        { $0.note(slots, at: MonotonicTime($1), wallClock: 1_000 + $1) }
    }

    private func sampled(_ names: String...) -> (inout SlotMemory, Double) -> Void {
        { $0.noteLost(names, wallClock: 1_000 + $1) }
    }

    @Test("Since when a slot is gone is the first look without it, until it is there again")
    func gone() {
        #expect(records([listed(slot()), listed(), listed()]).map(\.goneSince) == [1_015])
        #expect(records([listed(slot()), listed(), listed(slot())]).map(\.goneSince) == [nil])
    }

    @Test("A lost slot that is valid again is another one, and both positions are known")
    func recreated() throws {
        let record = try #require(records([listed(slot()), listed(slot("orders", .lost)), listed(slot(restart: 400, confirmed: 410))]).first)
        #expect(record.recreations == 1)
        #expect(record.lostAt == 1_015)
        #expect(record.latest == .init(at: 1_030, wasLost: true, formerPosition: LSN(110), newPosition: LSN(410)))
        #expect(record.seenSince == 1_030)
    }

    @Test("A loss that only the sampler saw, between two listings, is one too")
    func betweenListings() throws {
        let record = try #require(records([listed(slot()), sampled("orders"), sampled("orders"), listed(slot(confirmed: 410))]).first)
        #expect(record.recreations == 1 && record.lostAt == 1_015)
        #expect(record.latest?.formerPosition == LSN(110))
        let still = try #require(records([listed(slot()), sampled("orders"), listed(slot("orders", .lost))]).first)
        #expect(still.recreations == 0 && still.lostAt == 1_015)
        let twice = records([listed(slot()), sampled("orders"), listed(slot()), listed(slot()), sampled("orders"), listed(slot())])
        #expect(twice.first?.recreations == 2 && twice.first?.lostAt == 1_060)
    }

    @Test("One that was lost, dropped, and only then made anew is found as well, within the hour")
    func absentBetween() {
        #expect(records([listed(slot()), listed(slot("orders", .lost)), listed(), listed(slot())]).first?.recreations == 1)
        let later: (inout SlotMemory, Double) -> Void = { memory, _ in
            memory.note([], at: MonotonicTime(4_000), wallClock: 5_000)
            memory.note([slot()], at: MonotonicTime(4_001), wallClock: 5_001)
        }
        #expect(records([listed(slot("orders", .lost)), listed(), later]).first?.recreations == 0, "forgotten, as everything that is gone")
    }

    @Test("A slot cannot change its type, plugin or database, nor stop to reserve: then it is another one")
    func otherIdentity() {
        #expect(records([listed(slot()), listed(slot(plugin: "test_decoding"))]).first?.recreations == 1)
        #expect(records([listed(slot()), listed(slot(type: .physical, plugin: nil, confirmed: nil))]).first?.recreations == 1)
        #expect(records([listed(slot()), listed(slot("orders", nil, restart: nil))]).first?.latest?.wasLost == false)
    }

    @Test("What a slot may do in its life makes it no other: move on, far on, back, be lost, be dropped in peace and made anew")
    func sameSlot() {
        #expect(records([listed(slot()), listed(slot(restart: 400, confirmed: 410)), listed(slot(restart: 90))]).first?.recreations == 0)
        #expect(records([listed(slot()), listed(), listed(slot(restart: 400))]).first?.recreations == 0)
        #expect(records([listed(slot("orders", .lost)), listed(slot("orders", .lost))]).map(\.lostAt) == [1_000])
        #expect(records([listed(slot("orders", nil, restart: nil)), listed(slot())]).first?.recreations == 0)
    }

    @Test("Copies, temporary slots and those of workers are not remembered; two of one name are one")
    func leftOut() {
        var copy = slot()
        copy.isSynced = true
        var temporary = slot("t")
        temporary.isTemporary = true
        #expect(records([listed(copy, temporary, slot("pg_16395_sync_16386_7711414404705161623"), slot("pg_conflict_detection"))]).isEmpty)
        #expect(records([listed(slot("a"), slot("a"), slot("b"))]).map(\.name) == ["a", "b"])
    }

    @Test("Since when it is known begins anew with a slot that was away")
    func seenSince() {
        #expect(records([listed(slot()), listed(slot())]).map(\.seenSince) == [1_000])
        #expect(records([listed(slot()), listed(), listed(slot())]).map(\.seenSince) == [1_030])
    }

    @Test("A thousand are remembered, and a thousand losses between two listings, whatever the server says")
    func bounds() {
        var memory = SlotMemory()
        memory.noteLost((0..<5_000).map { "slot\($0)" }, wallClock: 1)
        memory.note((0..<5_000).map { slot("slot\($0)") }, at: MonotonicTime(1), wallClock: 2)
        #expect(memory.records.count == 1_000)
        #expect(memory.evictions == 4_000)
        memory.forgetAll()
        #expect(memory.records.isEmpty)
    }
}
