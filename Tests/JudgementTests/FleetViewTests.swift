import Judgement
import ReplicationModel
import Testing

struct FleetViewTests {
    @Test("Targets that reach one postmaster are one server; a member of Patroni speaks for it, else one of which no role is expected")
    func oneServer() {
        let snapshot = primary(start: 10)
        let vip = report("vip", snapshot, expecting: Expectations(role: .primary))
        let direct = report("a", snapshot)
        let member = report("pg1", snapshot, member: "pg1")
        #expect(view([vip, direct]).servers.map(\.targets) == [["a", "vip"]])
        #expect(view([vip, direct, member]).servers.map(\.targets) == [["pg1", "a", "vip"]])
        #expect(view([direct, report("b", snapshot)]).servers.map(\.targets) == [["a", "b"]])
    }

    @Test("Another start, another system or another cluster name is another server")
    func severalServers() {
        let reports = [
            report("a", primary(start: 10)), report("b", primary(start: 11)), report("c", primary(start: 10, system: "8")),
            report("d", primary(start: 10, clusterName: "x")),
        ]
        #expect(view(reports).servers.map(\.target) == ["a", "b", "c", "d"])
    }

    @Test("Servers that do not show their start: standbys are told by their own address, a primary never for a second one by a virtual address")
    func hiddenStarts() {
        func hidden(_ snapshot: ServerSnapshot, at address: String) -> ServerSnapshot {
            var snapshot = snapshot
            snapshot.identity.postmasterStart = nil
            snapshot.identity.address = address
            snapshot.identity.port = 5432
            return snapshot
        }
        let fleet = view([
            report("a", hidden(primary(start: 1), at: "10.0.0.1")), report("vip", hidden(primary(start: 1), at: "10.0.0.9")),
            report("b", hidden(standby(start: 1), at: "10.0.0.2")), report("c", hidden(standby(start: 1), at: "10.0.0.3")),
            report("replica", hidden(standby(start: 1), at: "10.0.0.2")),
        ])
        #expect(fleet.servers.map(\.targets) == [["a", "vip"], ["b", "replica"], ["c"]])
        #expect(!Findings.all(of: fleet).contains { $0.code == .twoPrimaries })
    }

    @Test("A server is found under the addresses of all its targets, its own and Patroni's, and not under one that two have")
    func addresses() {
        let a = primary(start: 10) {
            $0.identity.address = "10.0.0.9"
            $0.identity.port = 5433
        }
        let fleet = view(
            [
                report("a", a, member: "pg1", at: [address("DB-1.example")]), report("vip", a, at: [address("[fd00::1]")]),
                report("b", standby(start: 11), at: [address("shared")]), report("c", standby(start: 12), at: [address("shared")]),
            ],
            clusters: [cluster("dc1", [member("pg1", at: "10.77.1.11")])]
        )
        for known in [address("db-1.EXAMPLE"), address("fd00::1"), address("10.0.0.9", 5433), address("10.77.1.11")] {
            #expect(fleet.server(at: known)?.target == "a", "\(known)")
        }
        #expect(fleet.server(at: address("10.0.0.9")) == nil)
        #expect(fleet.server(at: address("shared")) == nil)
    }

    @Test("An upstream is found by its address, in a cascade too")
    func upstreamByAddress() {
        let fleet = view([
            report("p", primary(start: 1), at: [address("p")]),
            report("s1", standby(start: 2, from: upstream("p")), at: [address("s1")]),
            report("s2", standby(start: 3, from: upstream("s1")), at: [address("s2")]),
        ])
        #expect(fleet.upstreams(of: fleet.servers[1]).map(\.target) == ["p"])
        #expect(fleet.upstreams(of: fleet.servers[2]).map(\.target) == ["s1"])
        #expect(fleet.upstreams(of: fleet.servers[0]).isEmpty)
    }

    @Test("Without a known address it is the primary of the same system, or any of several")
    func upstreamBySystem() {
        let s = report("s", standby(start: 2, from: upstream("elsewhere")), at: [address("s")])
        let p = report("p", primary(start: 1), at: [address("p")])
        let other = report("x", primary(start: 4, system: "8"), at: [address("x")])
        var fleet = view([s, p, other])
        #expect(fleet.upstream(of: fleet.servers[0])?.target == "p")
        fleet = view([s, p, other, report("q", primary(start: 5))])
        #expect(fleet.upstreams(of: fleet.servers[0]).map(\.target) == ["p", "q"])
        #expect(fleet.upstream(of: fleet.servers[0]) == nil)
    }

    @Test("An upstream that is known and down is not replaced by another primary, nor by a server of another system")
    func upstreamDown() {
        let s = report("s", standby(start: 2, from: upstream("p")))
        let q = report("q", primary(start: 5))
        var fleet = view([s, q, downReport("p", at: [address("p")])])
        #expect(fleet.upstreams(of: fleet.servers[0]).isEmpty)
        // Which a virtual address does not say: it belongs to whichever is the primary.
        fleet = view([s, q, downReport("vip", role: .primary, at: [address("p")])])
        #expect(fleet.upstreams(of: fleet.servers[0]).map(\.target) == ["q"])
        fleet = view([s, q, report("p", primary(start: 1, system: "8"), at: [address("p")])])
        #expect(fleet.upstreams(of: fleet.servers[0]).map(\.target) == ["q"])
    }

    @Test(
        "The standby behind a walsender is the one of that name, slot or address",
        arguments: [
            (walsender("s1"), "s1"), (walsender("member2"), "s2"), (walsender("x", slot: "slot1"), "s1"),
            (walsender("x", address: "10.0.0.2"), "s2"),
            // The name is stronger than the address, which may be that of a gateway.
            (walsender("s1", address: "10.0.0.2"), "s1"),
            (walsender("x"), nil), (walsender(""), nil),
            // All members of a cluster share cluster_name.
            (walsender("dc1"), nil),
        ] as [(Walsender, String?)]
    )
    func receivers(walsender: Walsender, expected: String?) {
        let fleet = view(
            [
                report("p", primary(start: 1, clusterName: "dc1"), at: [address("p")]),
                report("s1", standby(start: 2, from: upstream("p", slot: "slot1"), clusterName: "dc1"), at: [address("10.0.0.1")]),
                report("s2", standby(start: 3, from: upstream("p", slot: "slot2"), clusterName: "dc1"), member: "member2", at: [address("10.0.0.2")]),
                report("s3", standby(start: 4, from: upstream("10.0.0.1"), clusterName: "dc1"), at: [address("10.0.0.2", 5433)]),
            ]
        )
        #expect(fleet.receiver(of: walsender, at: fleet.servers[0])?.target == expected)
    }
}
