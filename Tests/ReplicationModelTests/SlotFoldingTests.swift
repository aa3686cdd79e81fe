import ReplicationModel
import Testing

struct SlotFoldingTests {
    @Test("Only passing slots lose their numbers: whoever made a lasting slot of that name meant it")
    func lastingSlotsKeepTheirName() {
        #expect(slot("pg_basebackup_20069", isTemporary: false).seriesName == "pg_basebackup_20069")
        #expect(slot("pg_basebackup_20069").seriesName == "pg_basebackup")
        #expect(slot("pg_repack_4711").seriesName == "pg_repack")
        #expect(slot("pg_16395_sync_16386_7711414404705161623", isTemporary: false).seriesName == "pg_sync")
    }

    @Test("Slots of workers that copy tables are one series, though they last until the table is copied")
    func tableSynchronization() {
        let slots = [16_386, 16_390, 16_394].map { slot("pg_16395_sync_\($0)_7711414404705161623", isTemporary: false, retained: Int64($0)) }
        let folded = Slot.folding(slots)
        #expect(folded.map(\.seriesName) == ["pg_sync"])
        #expect(folded.first?.retainedBytes == 16_394)
    }

    @Test("A lasting slot is never hidden by passing ones of its name", arguments: [0, 1])
    func lastingBeforePassing(position: Int) {
        var slots = [slot("scratch_1", retained: 1_000)]
        slots.insert(slot("scratch", isTemporary: false, retained: nil), at: position)
        #expect(Slot.folding(slots).map(\.name) == ["scratch"])
    }

    @Test("Temporary slots of one series are told as the one that retains most", arguments: [[10, 30, 20], [30, 10, 20], [20, 10, 30]])
    func worstOfTemporarySlots(retained: [Int64]) {
        let slots = retained.enumerated().map { slot("pg_basebackup_\($0.offset)", retained: $0.element) }
        let folded = Slot.folding(slots)
        #expect(folded.map(\.seriesName) == ["pg_basebackup"])
        #expect(folded.first?.retainedBytes == 30)
    }

    @Test("One that retains something wins over one that retains nothing")
    func somethingBeforeNothing() {
        let folded = Slot.folding([slot("pg_basebackup_1", retained: nil), slot("pg_basebackup_2", retained: 0)])
        #expect(folded.map(\.name) == ["pg_basebackup_2"])
    }

    @Test("Other slots stay as they are, in their order")
    func othersStay() {
        let slots = [
            slot("b", isTemporary: false), slot("pg_basebackup_1"), slot("a", isTemporary: false), slot("pg_basebackup_2"), slot("scratch"),
        ]
        #expect(Slot.folding(slots).map(\.name) == ["b", "pg_basebackup_1", "a", "scratch"])
        #expect(Slot.folding([]) == [])
    }

    private func slot(_ name: String, isTemporary: Bool = true, retained: Int64? = 5) -> Slot {
        Slot(
            name: name,
            type: .physical,
            isTemporary: isTemporary,
            walStatus: retained == nil ? nil : .reserved,
            restart: retained.map { LSN(1_000 - $0) },
            current: LSN(1_000)
        )
    }
}
