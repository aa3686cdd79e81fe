import ReplicationModel
import Testing

struct SlotFoldingTests {
    @Test(
        "The pid in a name that the server made up is left out",
        arguments: [
            ("pg_basebackup_20069", "pg_basebackup"),
            ("pg_walreceiver_4711", "pg_walreceiver"),
            ("pg_walreceiver_4711_815", "pg_walreceiver"),
            ("pg_basebackup_nightly", "pg_basebackup_nightly"),
            ("pg_basebackup_1a", "pg_basebackup_1a"),
            ("pg_basebackups_1", "pg_basebackups_1"),
            ("my_pg_basebackup_1", "my_pg_basebackup_1"),
            ("dc2_4711", "dc2_4711"),
            ("pg_basebackup", "pg_basebackup"),
        ]
    )
    func nameWithoutPID(name: String, expected: String) {
        #expect(Slot.nameWithoutPID(name) == expected)
    }

    @Test("Only temporary slots lose a number: whoever made a lasting slot of that name meant it")
    func lastingSlotsKeepTheirName() {
        #expect(slot("pg_basebackup_20069", isTemporary: false).seriesName == "pg_basebackup_20069")
        #expect(slot("pg_basebackup_20069").seriesName == "pg_basebackup")
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
