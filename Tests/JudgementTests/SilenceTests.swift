import Judgement
import ReplicationModel
import Testing

struct SilenceTests {
    @Test("A silenced finding is shown as silenced, with the reason, after those that are not; until the end")
    func silenced() throws {
        let reports = [report("a", server(slot("one"), slot("two"))), downReport("b")]
        let silence = Silence(.targetDown, until: 1_001, reason: "moving house")
        let found = findings(in: view(reports, silences: [silence]))
        #expect(found.map(\.code) == [.slotInactive, .slotInactive, .targetDown])
        #expect(found.map(\.silence) == [nil, nil, silence])
        #expect(findings(in: view(reports, silences: [silence], now: 1_001)).map(\.silence) == [nil, nil, nil])
    }

    @Test(
        "It counts for the target and the slot that it names, and for all where it names none",
        arguments: [
            (nil, nil, 2), ("a", nil, 2), ("vip", nil, 2), (nil, "one", 1), ("a", "two", 1), ("b", nil, 0), ("a", "three", 0),
        ] as [(String?, String?, Int)]
    )
    func scope(target: String?, slot name: String?, count: Int) {
        let snapshot = server(slot("one"), slot("two"))
        let reports = [report("a", snapshot), report("vip", snapshot, expecting: Expectations(role: .primary))]
        let silence = Silence(.slotInactive, target: target, slot: name, until: 2_000, reason: "x")
        #expect(findings(in: view(reports, silences: [silence])).filter { $0.silence != nil }.count == count)
    }

    private func server(_ slots: Slot...) -> ServerSnapshot {
        primary(start: 1) { $0.slots = slots }
    }
}
