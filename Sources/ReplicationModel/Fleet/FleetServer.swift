/// A server that is up, by whatever number of targets it is reached.
package struct FleetServer: Sendable {
    /// The target that speaks for the server, and under whose name it is told of.
    package let report: TargetReport
    package let snapshot: ServerSnapshot
    package let instance: ServerInstance
    /// What each target that reaches it says, the speaking one first.
    package let reports: [TargetReport]
    /// Under which addresses it is known: to its targets, to itself, to Patroni.
    package let addresses: Set<ServerAddress>
    /// What all its targets expect, nothing twice.
    package let expectations: Expectations
    package let member: PatroniMember?
    package let cluster: PatroniCluster?

    package var target: String { report.name }
    /// The names of all targets that reach it, the speaking one first.
    package var targets: [String] { reports.map(\.name) }
    package var systemIdentifier: String { instance.systemIdentifier }
    package var isPrimary: Bool { snapshot.role == .primary }

    /// - Parameter reports: of one instance, all of them up, the speaking one first.
    init?(_ reports: [TargetReport], clusters: [PatroniCluster]) {
        guard let report = reports.first, let snapshot = report.snapshot else { return nil }
        self.report = report
        self.snapshot = snapshot
        instance = ServerInstance(snapshot.identity)
        self.reports = reports
        (cluster, member) = report.patroni(in: clusters)
        var addresses = Set(reports.flatMap(\.knownAddresses))
        if let address = member?.address { addresses.insert(address.normalized) }
        self.addresses = addresses

        var expectations = report.expectations
        for other in reports.dropFirst() {
            for slot in other.expectations.slots where !expectations.slots.contains(slot) { expectations.slots.append(slot) }
            for standby in other.expectations.standbys where !expectations.standbys.contains(standby) {
                expectations.standbys.append(standby)
            }
        }
        self.expectations = expectations
    }

    /// Whether it follows another server by streaming; nil when it is no standby, is not told to stream, or that is hidden.
    package var isStreaming: Bool? {
        snapshot.role == .standby ? snapshot.receiver?.isUp(settings: snapshot.settings) : nil
    }
}

extension TargetReport {
    /// The cluster and the member that the target is, as far as Patroni told.
    func patroni(in clusters: [PatroniCluster]) -> (PatroniCluster?, PatroniMember?) {
        guard let membership, let cluster = clusters.first(where: { $0.name == membership.cluster }) else { return (nil, nil) }
        return (cluster, cluster.members.first { $0.name == membership.member })
    }

    /// The addresses of the configuration and of Patroni, and where the server says that the connection came in.
    var knownAddresses: [ServerAddress] {
        var addresses = addresses.map(\.normalized)
        if let identity = snapshot?.identity, let host = identity.address, let port = identity.port {
            addresses.append(ServerAddress(host: host, port: port).normalized)
        }
        return addresses
    }

    /// How likely it is that the target always reaches the same server: a member of Patroni does, whereas of a virtual address a role is
    /// expected. Lower is likelier.
    var roaming: Int {
        membership != nil ? 0 : isVirtualAddress ? 2 : 1
    }

    /// By all appearances.
    var isVirtualAddress: Bool {
        membership == nil && expectations.role != nil
    }
}

extension ServerAddress {
    /// As compared: host names without regard to case, IPv6 addresses without brackets.
    var normalized: ServerAddress {
        var host = host.lowercased()
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        return ServerAddress(host: host, port: port)
    }
}
