import Judgement
import ReplicationModel
import Testing

struct PatroniSlotNameTests {
    @Test(
        "Names of members become names of slots as Patroni does it",
        arguments: [
            ("pg1", "pg1"), ("DC2-pg1.example", "dc2_pg1_example"), ("a b", "au0032b"), ("ä", "u0228"), ("日", "u26085"),
            ("a_b", "a_b"), (String(repeating: "x", count: 70), String(repeating: "x", count: 63)),
        ]
    )
    func derived(member: String, slot: String) {
        #expect(PatroniSlotName.derived(from: member) == slot)
    }

    @Test("Patroni's slot of a member that is away, and one that it is about to drop, are nobody's left-over")
    func retainedSlots() {
        var one = cluster("dc1", [member("dc1-pg1", role: "leader")])
        let away = slot("dc1_pg2", restart: -0x7000_0000)
        func codes() -> [FindingCode] {
            let leader = report("dc1-pg1", primary(start: 1) { $0.slots = [slot("dc1_pg2")] }, member: "dc1-pg1")
            let replica = report("dc1-pg3", standby(start: 2) { $0.slots = [away] }, member: "dc1-pg3")
            return findings([leader, replica], clusters: [one]).map(\.code).filter { [.slotLeftOver, .slotNotPermanent].contains($0) }
        }
        #expect(Set(codes()) == [.slotLeftOver, .slotNotPermanent], "as if nobody had ever known it")
        one.retainedSlots = ["dc1_pg2"]
        #expect(codes().isEmpty)
    }
}
