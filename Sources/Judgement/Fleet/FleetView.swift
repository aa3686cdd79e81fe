package import ReplicationModel

/// All that is known at one moment of all servers, and who is who among them.
///
/// Everything that is asked of it for each server is answered from an index: with hundreds of servers in one cluster, a look at all for
/// each would take seconds.
package struct FleetView: Sendable {
    /// One for each target, in the order of the configuration.
    package let reports: [TargetReport]
    package let clusters: [PatroniCluster]
    /// What is remembered of times with two primaries.
    package let splits: [SplitBrain]
    /// The lives of servers in which they were seen as standbys: one of them that is a primary now was promoted.
    let wasStandby: Set<ServerInstance>
    /// What is silenced, also what was until lately.
    package let silences: [Silence]
    /// Unix time by the exporter's clock.
    package let now: Double
    /// The servers that are up, each once, in the order of their speaking targets.
    package let servers: [FleetServer]
    let patroni: PatroniIndex
    private let indexByTarget: [String: Int]
    private let indexesByAddress: [ServerAddress: [Int]]
    private let systems: [String: SystemIndex]
    private let receivers: ReceiverIndex
    /// Of each server the indexes of those that it may stream from.
    private let upstreamIndexes: [[Int]]
    /// Those that have their upstream's address, and it is that of a server which is known.
    private let withKnownUpstream: Set<Int>

    /// The servers of one physical cluster that are up.
    private struct SystemIndex {
        var servers: [Int] = []
        var primaries: [Int] = []
        /// Those whose answer is still waited for: what is known of them is of before.
        var formerlyPrimaries: [Int] = []

        mutating func add(_ server: FleetServer, _ index: Int) {
            servers.append(index)
            if server.isPrimary {
                if server.report.isPending { formerlyPrimaries.append(index) } else { primaries.append(index) }
            }
        }
    }

    package init(
        reports: [TargetReport],
        clusters: [PatroniCluster] = [],
        splits: [SplitBrain] = [],
        wasStandby: Set<ServerInstance> = [],
        silences: [Silence] = [],
        now: Double
    ) {
        self.reports = reports
        self.clusters = clusters
        self.splits = splits
        self.wasStandby = wasStandby
        self.silences = silences
        self.now = now
        let patroni = PatroniIndex(clusters)
        self.patroni = patroni
        let servers = Self.servers(reports, patroni)
        self.servers = servers

        var indexByTarget: [String: Int] = [:]
        var indexesByAddress: [ServerAddress: [Int]] = [:]
        var systems: [String: SystemIndex] = [:]
        for (index, server) in servers.enumerated() {
            for target in server.targets { indexByTarget[target] = index }
            for address in server.addresses { indexesByAddress[address, default: []].append(index) }
            systems[server.systemIdentifier, default: SystemIndex()].add(server, index)
        }
        self.indexByTarget = indexByTarget
        self.indexesByAddress = indexesByAddress
        // One that hangs may be no primary any more as soon as there is another one.
        for (system, index) in systems where index.primaries.isEmpty { systems[system]?.primaries = index.formerlyPrimaries }
        self.systems = systems
        receivers = ReceiverIndex(servers)

        let downAddresses = Set(
            reports.filter { $0.snapshot == nil && !$0.isVirtualAddress }.flatMap { report in
                report.knownAddresses + (patroni.member(of: report)?.addresses ?? []).map(\.normalized)
            }
        )
        var withKnownUpstream: Set<Int> = []
        upstreamIndexes = servers.indices.map { index in
            guard servers[index].snapshot.role == .standby else { return [] }
            let system = servers[index].systemIdentifier
            let addresses = servers[index].snapshot.receiver?.upstream?.addresses.map(\.normalized) ?? []
            let matching = Set(addresses.flatMap { indexesByAddress[$0] ?? [] }).filter { other in
                other != index && servers[other].systemIdentifier == system
            }
            if !matching.isEmpty {
                withKnownUpstream.insert(index)
                return matching.sorted()
            }
            // The upstream is one that is known, and it is down: no other one can stand in for it.
            if addresses.contains(where: downAddresses.contains) { return [] }
            return systems[system]?.primaries ?? []
        }
        self.withKnownUpstream = withKnownUpstream
    }

    /// The servers that the reports are of.
    private static func servers(_ reports: [TargetReport], _ patroni: PatroniIndex) -> [FleetServer] {
        var order: [ServerInstance] = []
        var byInstance: [ServerInstance: [TargetReport]] = [:]
        for report in reports {
            guard let snapshot = report.snapshot else { continue }
            let instance = ServerInstance(snapshot)
            if byInstance[instance] == nil { order.append(instance) }
            byInstance[instance, default: []].append(report)
        }
        return order.compactMap { instance in
            let reports = byInstance[instance, default: []].enumerated()
            // Equal ones remain in their order.
            let sorted = reports.sorted { ($0.element.roaming, $0.offset) < ($1.element.roaming, $1.offset) }
            return FleetServer(sorted.map(\.element), patroni)
        }
    }

    /// The server that a target reaches; nil when it is down.
    package func server(ofTarget target: String) -> FleetServer? {
        indexByTarget[target].map { servers[$0] }
    }

    /// The server that is known under an address; nil when none is, or several are.
    package func server(at address: ServerAddress) -> FleetServer? {
        guard let indexes = indexesByAddress[address.normalized], indexes.count == 1 else { return nil }
        return servers[indexes[0]]
    }

    /// The servers of one physical cluster that are up.
    package func servers(of systemIdentifier: String) -> [FleetServer] {
        (systems[systemIdentifier]?.servers ?? []).map { servers[$0] }
    }

    /// How many servers of one physical cluster are up.
    func count(of systemIdentifier: String) -> Int {
        systems[systemIdentifier]?.servers.count ?? 0
    }

    /// The servers of one physical cluster that accept writes.
    package func primaries(of systemIdentifier: String) -> [FleetServer] {
        (systems[systemIdentifier]?.primaries ?? []).map { servers[$0] }
    }

    /// The only primary of a physical cluster; nil when there is none, or more than one.
    package func primary(of systemIdentifier: String) -> FleetServer? {
        guard let primaries = systems[systemIdentifier]?.primaries, primaries.count == 1 else { return nil }
        return servers[primaries[0]]
    }

    /// Whether a standby has not had the time to begin to stream.
    func isStarting(_ standby: FleetServer) -> Bool {
        standby.age(at: now).map { $0 < Verdict.Threshold.standbyStart.value } ?? false
    }

    /// Whether more than one server of any physical cluster accepts writes.
    var hasUndecided: Bool { systems.values.contains { $0.primaries.count > 1 } }

    /// Whether more than one server of a physical cluster accepts writes: first it has to be decided which data live.
    func isUndecided(_ systemIdentifier: String) -> Bool {
        systems[systemIdentifier].map { $0.primaries.count > 1 } ?? false
    }

    /// The servers that a standby may stream from: those at the addresses that it has, else every primary of its system. Only what
    /// holds for all of them holds for its upstream. Empty when it is none of the servers that are up.
    package func upstreams(of standby: FleetServer) -> [FleetServer] {
        indexByTarget[standby.target].map { upstreamIndexes[$0].map { servers[$0] } } ?? []
    }

    /// Whether ``upstreams(of:)`` are at the address that the standby has: what is missing there is proven to be. Else they are guessed.
    func isUpstreamKnown(of standby: FleetServer) -> Bool {
        indexByTarget[standby.target].map(withKnownUpstream.contains) ?? false
    }

    /// The upstream of a standby when only one server can be it.
    package func upstream(of standby: FleetServer) -> FleetServer? {
        guard let index = indexByTarget[standby.target], upstreamIndexes[index].count == 1 else { return nil }
        return servers[upstreamIndexes[index][0]]
    }

    /// The standby of an application name, among the others of a server's system; nil when none goes by it, or several do.
    func standby(named name: String, of server: FleetServer) -> FleetServer? {
        let own = indexByTarget[server.target]
        let named = receivers.standbys(named: name, of: server.systemIdentifier).filter { $0 != own }
        return named.count == 1 ? servers[named[0]] : nil
    }

    /// The standby at the other end of a walsender; nil when none, or more than one, may be it.
    package func receiver(of walsender: Walsender, at sender: FleetServer) -> FleetServer? {
        receiver(for: receivers.marks(of: walsender, at: sender), at: sender)
    }

    /// Of each walsender of a server, in their order, the standby at its other end.
    package func receivers(at sender: FleetServer) -> [FleetServer?] {
        var known: [ReceiverIndex.Marks: FleetServer?] = [:]
        return (sender.snapshot.walsenders ?? []).map { walsender in
            let marks = receivers.marks(of: walsender, at: sender)
            if let known = known[marks] { return known }
            let receiver = receiver(for: marks, at: sender)
            known[marks] = .some(receiver)
            return receiver
        }
    }

    private func receiver(for marks: ReceiverIndex.Marks, at sender: FleetServer) -> FleetServer? {
        let own = indexByTarget[sender.target]
        let found = receivers.best(for: marks, of: sender.systemIdentifier) { standby in
            guard standby != own else { return false }
            return upstreamIndexes[standby].isEmpty || own.map(upstreamIndexes[standby].contains) == true
        }
        return found.map { servers[$0] }
    }
}
