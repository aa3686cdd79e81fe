import ReplicationModel
import Testing

@testable import Monitoring

/// Slots that Patroni keeps though nothing that it lists says so.
struct RetainedSlotsTests {
    private func cluster(_ members: [String], slots: [String] = [], ttl: Double = 1800, version: PatroniCluster.Version? = .init(major: 4, minor: 1))
        -> PatroniCluster
    {
        var cluster = PatroniCluster(name: "c")
        cluster.members = members.map { PatroniMember(name: $0, role: "replica", state: "streaming", address: nil) }
        cluster.settings = PatroniSettings(
            permanentSlots: slots.map { .init(name: $0, type: .physical) },
            memberSlotsTTLSeconds: ttl
        )
        cluster.version = version
        return cluster
    }

    /// What is retained so many seconds after a member, or a slot, went.
    private func retained(after seconds: Double, ttl: Double = 1800, version: PatroniCluster.Version? = .init(major: 4, minor: 1)) -> Set<String> {
        var slots = RetainedSlots()
        #expect(slots.update(cluster(["dc1-pg1", "dc1-pg2"], slots: ["standby_cluster"], ttl: ttl, version: version), at: MonotonicTime(0)).isEmpty)
        return slots.update(cluster(["dc1-pg1"], ttl: ttl, version: version), at: MonotonicTime(seconds))
    }

    @Test(
        "A member that is away keeps its slot for member_slots_ttl, from 4.0 on; one that is not in the configuration any more goes in a loop or two"
    )
    func ttl() {
        #expect(retained(after: 25) == ["dc1_pg2", "standby_cluster"])
        #expect(retained(after: 1800) == ["dc1_pg2"])
        #expect(retained(after: 1861).isEmpty)
        #expect(retained(after: 25, ttl: 0) == ["dc1_pg2", "standby_cluster"])
        #expect(retained(after: 61, ttl: 0).isEmpty)
        #expect(retained(after: 61, version: .init(major: 3, minor: 3)).isEmpty)
        #expect(retained(after: 1800, version: nil) == ["dc1_pg2"])
    }

    @Test("One that comes back is listed again, and counts from then on")
    func back() {
        var slots = RetainedSlots()
        for (seconds, members) in [(0.0, ["a"]), (100, []), (1000, ["a"])] {
            let retained = slots.update(cluster(members), at: MonotonicTime(seconds))
            #expect(retained == (members.isEmpty ? ["a"] : []))
        }
        #expect(slots.update(cluster([]), at: MonotonicTime(2700)) == ["a"])
    }

    @Test("Ever-new names are forgotten at once when there are too many")
    func bounded() {
        var slots = RetainedSlots()
        for round in 0..<100 {
            let names = (0..<100).map { "m\(round)_\($0)" }
            #expect(slots.update(cluster(names), at: MonotonicTime(Double(round))).count <= 4096)
        }
    }
}
