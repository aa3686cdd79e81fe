/// All that is known at one moment of all servers, and who is who among them.
package struct FleetView: Sendable {
    /// One for each target, in the order of the configuration.
    package let reports: [TargetReport]
    package let clusters: [PatroniCluster]
    /// What is remembered of times with two primaries.
    package let splits: [SplitBrain]
    /// Unix time by the exporter's clock.
    package let now: Double
    /// The servers that are up, each once, in the order of their speaking targets.
    package let servers: [FleetServer]
    private let indexByTarget: [String: Int]
    private let indexesByAddress: [ServerAddress: [Int]]
    private let indexesBySystem: [String: [Int]]
    /// Of each server the indexes of those that it may stream from.
    private let upstreamIndexes: [[Int]]

    package init(reports: [TargetReport], clusters: [PatroniCluster] = [], splits: [SplitBrain] = [], now: Double) {
        self.reports = reports
        self.clusters = clusters
        self.splits = splits
        self.now = now

        var order: [ServerInstance] = []
        var byInstance: [ServerInstance: [TargetReport]] = [:]
        for report in reports {
            guard let snapshot = report.snapshot else { continue }
            let instance = ServerInstance(snapshot.identity)
            if byInstance[instance] == nil { order.append(instance) }
            byInstance[instance, default: []].append(report)
        }
        let servers = order.compactMap { instance in
            let reports = byInstance[instance, default: []].enumerated()
            // Equal ones remain in their order.
            let sorted = reports.sorted { ($0.element.roaming, $0.offset) < ($1.element.roaming, $1.offset) }
            return FleetServer(sorted.map(\.element), clusters: clusters)
        }

        var indexByTarget: [String: Int] = [:]
        var indexesByAddress: [ServerAddress: [Int]] = [:]
        var indexesBySystem: [String: [Int]] = [:]
        for (index, server) in servers.enumerated() {
            for target in server.targets { indexByTarget[target] = index }
            indexesBySystem[server.systemIdentifier, default: []].append(index)
            for address in server.addresses { indexesByAddress[address, default: []].append(index) }
        }
        self.indexByTarget = indexByTarget
        self.indexesByAddress = indexesByAddress
        self.servers = servers
        self.indexesBySystem = indexesBySystem

        let downAddresses = Set(
            reports.filter { $0.snapshot == nil && !$0.isVirtualAddress }.flatMap { report in
                report.knownAddresses + [report.patroni(in: clusters).1?.address?.normalized].compactMap { $0 }
            }
        )
        upstreamIndexes = servers.indices.map { index in
            let standby = servers[index]
            guard standby.snapshot.role == .standby else { return [] }
            let others = indexesBySystem[standby.systemIdentifier, default: []].filter { $0 != index }
            let addresses = standby.snapshot.receiver?.upstream?.addresses.map(\.normalized) ?? []
            let matching = others.filter { other in addresses.contains(where: servers[other].addresses.contains) }
            if !matching.isEmpty { return matching }
            // The upstream is one that is known, and it is down: no other one can stand in for it.
            if addresses.contains(where: downAddresses.contains) { return [] }
            return others.filter { servers[$0].isPrimary }
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
        indexesBySystem[systemIdentifier, default: []].map { servers[$0] }
    }

    /// The servers of one physical cluster that accept writes.
    package func primaries(of systemIdentifier: String) -> [FleetServer] {
        servers(of: systemIdentifier).filter(\.isPrimary)
    }

    /// The only primary of a physical cluster; nil when there is none, or more than one.
    package func primary(of systemIdentifier: String) -> FleetServer? {
        let primaries = primaries(of: systemIdentifier)
        return primaries.count == 1 ? primaries[0] : nil
    }

    /// The servers that a standby may stream from: those at the addresses that it has, else every primary of its system. Only what
    /// holds for all of them holds for its upstream. Empty when it is none of the servers that are up.
    package func upstreams(of standby: FleetServer) -> [FleetServer] {
        indexByTarget[standby.target].map { upstreamIndexes[$0].map { servers[$0] } } ?? []
    }

    /// The upstream of a standby when only one server can be it.
    package func upstream(of standby: FleetServer) -> FleetServer? {
        let upstreams = upstreams(of: standby)
        return upstreams.count == 1 ? upstreams[0] : nil
    }

    /// The standby at the other end of a walsender; nil when none, or more than one, may be it.
    package func receiver(of walsender: Walsender, at sender: FleetServer) -> FleetServer? {
        let candidates = servers(of: sender.systemIdentifier).compactMap { standby -> (standby: FleetServer, likeness: Int)? in
            guard standby.snapshot.role == .standby, standby.instance != sender.instance else { return nil }
            let upstreams = upstreams(of: standby)
            guard upstreams.isEmpty || upstreams.contains(where: { $0.instance == sender.instance }) else { return nil }
            let likeness = standby.likeness(to: walsender)
            return likeness > 0 ? (standby, likeness) : nil
        }
        guard let best = candidates.map(\.likeness).max() else { return nil }
        let alike = candidates.filter { $0.likeness == best }
        return alike.count == 1 ? alike[0].standby : nil
    }
}

extension FleetServer {
    /// How much a walsender looks like one that serves this standby; 0: not at all.
    ///
    /// The name is the strongest mark, since addresses may be translated on the way, and one host may have several servers. A name alone
    /// that all members of a Patroni cluster share tells nothing apart, which the caller sees by a tie.
    fileprivate func likeness(to walsender: Walsender) -> Int {
        var likeness = 0
        let names = targets + [report.membership?.member, snapshot.identity.clusterName].compactMap { $0 }
        if !walsender.applicationName.isEmpty, names.contains(walsender.applicationName) { likeness += 4 }
        if let slot = walsender.slotName, snapshot.receiver?.upstream?.slotName == slot { likeness += 2 }
        if let client = walsender.clientAddress?.lowercased(), addresses.contains(where: { $0.host == client }) { likeness += 1 }
        return likeness
    }
}
