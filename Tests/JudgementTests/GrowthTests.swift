import Judgement
import ReplicationModel
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Hundreds of servers in one cluster: what is made of them must grow with their number and no faster.
@Suite(.serialized)
struct GrowthTests {
    @Test("Four times the members take no more than four times as long, and some", arguments: [false, true])
    func members(isBroken: Bool) {
        let (small, large) = (situation(150, isBroken: isBroken), situation(600, isBroken: isBroken))
        expectLinear {
            look(small)
        } large: {
            look(large)
        }
    }

    @Test("So do the targets by which one server is reached")
    func targets() {
        let (small, large) = (oneServer(150), oneServer(600))
        expectLinear {
            look(small)
        } large: {
            look(large)
        }
    }

    /// Four times would be linear, sixteen times quadratic. The machine may be busy with something else: its own CPU time counts, and the best
    /// of some attempts.
    private func expectLinear(small: () -> Void, large: () -> Void) {
        small()
        var best = (small: Duration.seconds(1000), large: Duration.seconds(1000))
        for _ in 0..<6 {
            best.small = min(best.small, cpuTime(of: small))
            best.large = min(best.large, cpuTime(of: large))
            if best.large < best.small * 7 { break }
        }
        #expect(best.large < best.small * 8, "\(best.small) grew to \(best.large)")
    }

    private func cpuTime(of work: () -> Void) -> Duration {
        func used() -> Duration {
            var time = timespec()
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
            return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
        }
        let before = used()
        work()
        return used() - before
    }

    private struct Situation {
        var reports: [TargetReport]
        var clusters: [PatroniCluster]
    }

    private func look(_ situation: Situation) {
        var memory = FleetMemory()
        for round in 0..<2 {
            for report in situation.reports { memory.note(report, at: Double(100 + round)) }
        }
        let view = FleetView(reports: situation.reports, clusters: situation.clusters, splits: memory.splits, now: 1_000)
        let topology = Topology(view)
        #expect(topology.servers.count > 0)
    }

    /// A leader and its standbys, all on one host and with one cluster_name; if broken, no standby streams and no slot is there.
    private func situation(_ number: Int, isBroken: Bool) -> Situation {
        let names = (0..<number).map { "m\($0)" }
        var expectations = Expectations()
        for name in names.dropFirst() {
            expectations.slots.append(ExpectedSlot(name: name, type: .physical, scope: .primary, source: .patroni))
            expectations.standbys.append(ExpectedStandby(applicationName: name, scope: .primary, source: .patroni))
        }
        let leader = primary(start: 1, timeline: 2, clusterName: "dc1") {
            $0.slots = isBroken ? [] : names.dropFirst().map { slot($0, active: true) }
            $0.walsenders = (isBroken ? names.prefix(0) : names.dropFirst()).map { walsender($0, address: "127.0.0.1", slot: $0) }
        }
        var reports = [report("dc1/m0", leader, expecting: expectations, member: "m0", at: [address("127.0.0.1", 20_000)])]
        for (index, name) in names.enumerated().dropFirst() {
            let source = upstream("127.0.0.1", slot: name, port: "20000")
            let snapshot = standby(start: Double(index + 1), timeline: isBroken ? 1 : 2, from: source, isUp: !isBroken, clusterName: "dc1") {
                // A slot that is left over.
                $0.slots = isBroken ? [slot("old")] : []
            }
            reports.append(report("dc1/\(name)", snapshot, member: name, at: [address("127.0.0.1", 20_000 + index)]))
        }
        let members = names.enumerated().map { index, name in
            var member = member(name, role: index == 0 ? "leader" : "replica")
            member.address = address("127.0.0.1", 20_000 + index)
            return member
        }
        return Situation(reports: reports, clusters: [cluster("dc1", members)])
    }

    /// One server by many targets, none of which should lead to it.
    private func oneServer(_ number: Int) -> Situation {
        let expectations = Expectations(role: .standby, slots: [ExpectedSlot(name: "x", type: nil, scope: .any, source: .config)])
        let reports = (0..<number).map {
            report("vip\($0)", primary(start: 1), expecting: expectations, at: [address("127.0.1.\($0)")])
        }
        return Situation(reports: reports, clusters: [])
    }
}
