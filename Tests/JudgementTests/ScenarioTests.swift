import Judgement
import ReplicationModel
import Testing

/// Two sites, each a Patroni cluster of two, the second one a standby cluster of the first: all that is found at each fault, and nothing else.
struct ScenarioTests {
    @Test("All is well")
    func healthy() {
        #expect(codes(Sites()) == [])
    }

    @Test("The slot was never created: Patroni says running, the replica of site 2 streams with lag 0")
    func slotNeverCreated() {
        var sites = Sites()
        sites.pg11.slots?.removeAll { $0.name == "standby_cluster" }
        sites.pg11.walsenders?.removeAll { $0.applicationName == "dc2-pg1" }
        sites.pg21.receiver?.session = nil
        #expect(
            codes(sites) == [
                "slot_missing dc1-pg1 standby_cluster", "slot_missing_at_upstream dc1-pg1 standby_cluster",
                "standby_not_streaming dc2-pg1 standby_cluster",
            ]
        )
        // One exporter beside each node.
        #expect(Set(codes(sites, only: ["dc1-pg1"])) == ["slot_missing dc1-pg1 standby_cluster"])
        #expect(Set(codes(sites, only: ["dc2-pg1"])) == ["standby_not_streaming dc2-pg1 standby_cluster"])
    }

    @Test("A hand-made slot is lost by a switchover inside site 1, and its copy keeps WAL at the demoted leader")
    func slotLostBySwitchover() {
        var sites = Sites()
        sites.settings = PatroniSettings()
        sites.pg12.slots = [slot("dc1_pg1")]
        #expect(codes(sites) == ["slot_not_permanent dc1-pg1 standby_cluster"])
        sites.switchOver()
        sites.pg21.receiver?.session = nil
        sites.pg12.walsenders?.removeAll { $0.applicationName == "dc2-pg1" }
        sites.pg12.slots?.removeAll { $0.name == "standby_cluster" }
        sites.pg11.slots = [slot("standby_cluster")]
        sites.pg11.slots?[0].retainedAge = 3600
        #expect(
            codes(sites) == [
                "slot_missing dc1-pg2 standby_cluster", "slot_missing_at_upstream dc1-pg2 standby_cluster",
                "standby_not_streaming dc2-pg1 standby_cluster", "slot_left_over dc1-pg1 standby_cluster",
            ]
        )
    }

    @Test("The link is cut: the slot keeps WAL, the standby receives nothing")
    func linkCut() {
        var sites = Sites()
        sites.pg11.slots = sites.pg11.slots?.map { slot($0.name, active: $0.name != "standby_cluster") }
        sites.pg11.walsenders?.removeAll { $0.applicationName == "dc2-pg1" }
        sites.pg21.receiver?.session = nil
        #expect(codes(sites) == ["standby_not_streaming dc2-pg1 standby_cluster", "slot_inactive dc1-pg1 standby_cluster"])
    }

    @Test("The virtual address is on the wrong node")
    func wrongNode() {
        var sites = Sites()
        sites.vip = \.pg12
        #expect(codes(sites) == ["role_mismatch vip"])
    }

    @Test("Site 1 was isolated, site 2 promoted: two primaries, and pg_rewind would do")
    func isolated() {
        var sites = Sites()
        sites.promoteSite2()
        #expect(codes(sites) == ["two_primaries dc1-pg1", "failback dc1-pg1", "failback dc1-pg2", "slot_inactive dc1-pg1 standby_cluster"])
    }

    private func codes(_ sites: Sites, only targets: Set<String>? = nil) -> [String] {
        let reports = sites.reports.filter { targets?.contains($0.name) ?? true }
        return findings(reports, clusters: sites.clusters).map { finding in
            ([finding.code.rawValue, finding.target ?? "-"] + [finding.slot].compactMap { $0 }).joined(separator: " ")
        }
    }
}

/// The four servers, and where site 1's virtual address is.
private struct Sites {
    var pg11: ServerSnapshot
    var pg12: ServerSnapshot
    var pg21: ServerSnapshot
    var pg22: ServerSnapshot
    var vip: KeyPath<Sites, ServerSnapshot> = \.pg11
    var settings = PatroniSettings(permanentSlots: [.init(name: "standby_cluster", type: .physical)])
    var leader = "dc1-pg1"

    init() {
        pg11 = primary(start: 11, clusterName: "dc1") {
            $0.slots = [slot("standby_cluster", active: true), slot("dc1_pg2", active: true)]
            $0.walsenders = [
                walsender("dc2-pg1", address: "10.77.2.11", slot: "standby_cluster"), walsender("dc1-pg2", address: "10.77.1.12", slot: "dc1_pg2"),
            ]
        }
        // Patroni 4 keeps permanent and members' slots here too.
        pg12 = standby(start: 12, from: upstream("10.77.1.11", slot: "dc1_pg2"), clusterName: "dc1") {
            $0.slots = [slot("standby_cluster"), slot("dc1_pg1")]
        }
        pg21 = standby(start: 21, from: upstream("10.77.1.100", slot: "standby_cluster"), clusterName: "dc2") {
            $0.slots = [slot("dc2_pg2", active: true)]
            $0.walsenders = [walsender("dc2-pg2", address: "10.77.2.12", slot: "dc2_pg2")]
        }
        pg22 = standby(start: 22, from: upstream("10.77.2.11", slot: "dc2_pg2"), clusterName: "dc2")
    }

    /// `dc1-pg2` takes over inside site 1.
    mutating func switchOver() {
        let senders = pg11.walsenders
        pg12 = primary(start: 12, timeline: 2, fork: 0x4F0_0000, clusterName: "dc1") {
            $0.slots = [slot("standby_cluster", active: true), slot("dc1_pg1", active: true)]
            $0.walsenders = senders
        }
        pg11 = standby(start: 13, timeline: 2, from: upstream("10.77.1.12", slot: "dc1_pg1"), clusterName: "dc1")
        for site2 in [\Sites.pg21, \Sites.pg22] as [WritableKeyPath<Sites, ServerSnapshot>] {
            self[keyPath: site2].receiver?.session?.timeline = 2
            self[keyPath: site2].checkpoints?.timeline = 2
        }
        vip = \.pg12
        leader = "dc1-pg2"
    }

    /// While site 1 goes on, out of reach.
    mutating func promoteSite2() {
        pg11.slots = [slot("standby_cluster"), slot("dc1_pg2", active: true)]
        pg11.walsenders?.removeFirst()
        pg21 = primary(start: 21, timeline: 2, fork: 0x4F0_0000, clusterName: "dc2") {
            $0.slots = pg21.slots
            $0.walsenders = pg21.walsenders
        }
        pg22.receiver?.session?.timeline = 2
    }

    var reports: [TargetReport] {
        let expected = Expectations(slots: [.init(name: "standby_cluster", type: .physical, scope: .primary, source: .patroni)])
        return [
            report("vip", self[keyPath: vip], expecting: Expectations(role: .primary), at: [address("10.77.1.100")]),
            report("dc1-pg1", pg11, expecting: expected, member: "dc1-pg1", at: [address("10.77.1.11")]),
            report("dc1-pg2", pg12, expecting: expected, member: "dc1-pg2", at: [address("10.77.1.12")]),
            report("dc2-pg1", pg21, member: "dc2-pg1", of: "dc2", at: [address("10.77.2.11")]),
            report("dc2-pg2", pg22, member: "dc2-pg2", of: "dc2", at: [address("10.77.2.12")]),
        ]
    }

    var clusters: [PatroniCluster] {
        [
            cluster("dc1", ["dc1-pg1", "dc1-pg2"].map { member($0, role: $0 == leader ? "leader" : "replica") }, settings: settings),
            cluster("dc2", [member("dc2-pg1", role: "standby_leader", state: "running"), member("dc2-pg2")]),
        ]
    }
}
