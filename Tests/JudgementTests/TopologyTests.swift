import Judgement
import ReplicationModel
import Testing

struct TopologyTests {
    @Test("Servers: each that is up once, each target that is down, with what Patroni says")
    func servers() throws {
        let p = primary(start: 1, timeline: 2, clusterName: "dc1")
        let topology = Topology(
            view(
                [
                    report("vip", p, expecting: Expectations(role: .primary)), report("pg1", p, member: "pg1"),
                    downReport("pg2", lastSeen: standby(start: 2, from: upstream("pg1")), seenAt: 900), downReport("pg3"),
                ],
                clusters: [cluster("dc1", [member("pg1", role: "leader", state: "running")])]
            )
        )
        #expect(topology.servers.map(\.target) == ["pg1", "pg2", "pg3"])
        let first = topology.servers[0]
        #expect(first.targets == ["pg1", "vip"])
        #expect(first.isUp == true)
        #expect(first.problem == nil)
        #expect(first.role == "primary")
        #expect(first.systemIdentifier == system)
        #expect(first.timeline == 2)
        #expect(first.position == "0/5000000")
        #expect(first.version == "15.18")
        #expect(first.cluster == "dc1")
        #expect(first.clusterName == "dc1")
        #expect(first.patroniRole == "leader")
        #expect(first.patroniState == "running")
        #expect(first.isStreaming == nil)
        #expect(first.isRewindReady == true)
        let second = topology.servers[1]
        #expect(second.isUp == false)
        #expect(second.problem == "connection refused")
        #expect(second.lastSeen == 900)
        #expect(second.role == "standby")
        #expect(second.clusterName == nil)
        #expect(second.isStreaming == nil)
        #expect(second.upstreamAddress == "pg1:5432")
        #expect(topology.servers[2].role == nil)
        #expect(topology.findings.map(\.code) == [.targetDown, .targetDown])
    }

    @Test("Edges: each walsender, with its receiver where it is known, and the lag of what it replayed, else flushed")
    func edges() throws {
        let p = primary(start: 1) {
            $0.walsenders = [
                walsender("s1", address: "10.0.0.2", slot: "s1", sync: .sync, replayed: 0x4FF_FF00),
                walsender("pg_receivewal", sent: 0x4FF_0000, replayed: nil),
            ]
        }
        let topology = Topology(
            view([
                report("p", p, at: [address("p")]), report("s1", standby(start: 2, from: upstream("p", slot: "s1"))),
                report("x", primary(start: 3, system: "8")),
            ])
        )
        #expect(topology.servers.map(\.target) == ["p", "s1", "x"])
        #expect(topology.edges.count == 2)
        let edge = topology.edges[0]
        #expect(edge.sender == "p")
        #expect(edge.receiver == "s1")
        #expect(edge.slot == "s1")
        #expect(edge.applicationName == "s1")
        #expect(edge.clientAddress == "10.0.0.2")
        #expect(edge.state == "streaming")
        #expect(edge.syncState == "sync")
        #expect(edge.lagBytes == 0x100)
        #expect(topology.edges[1].receiver == nil)
        #expect(topology.edges[1].lagBytes == 0x1_0000)
    }

    @Test("What a standby says of itself where nobody was seen to send: the incident, and an upstream that is no target")
    func edgesOfStandbys() {
        let stuck = standby(start: 2, from: upstream("p", slot: "x"), isUp: false)
        let far = standby(start: 3, from: upstream("far", slot: "y"), system: "8")
        let archive = standby(start: 4, isUp: false, system: "9") { $0.receiver?.hasConnectionString = false }
        let edges = Topology(
            view([report("p", primary(start: 1), at: [address("p")]), report("s", stuck), report("f", far), report("a", archive)])
        ).edges
        #expect(edges.map(\.receiver) == ["s", "f"])
        #expect(edges.map(\.sender) == ["p", nil])
        #expect(edges.map(\.senderAddress) == [nil, "far:5432"])
        #expect(edges.map(\.state) == ["stopped", "streaming"])
        #expect(edges.map(\.slot) == ["x", "y"])
        #expect(edges.map(\.lagBytes) == [nil, 0])
    }

    @Test("Findings that were found already are not looked for again")
    func findings() {
        let found = Finding(.targetDown, target: "x", summary: "")
        #expect(Topology(view([downReport("pg2")]), findings: [found]).findings == [found])
    }
}
