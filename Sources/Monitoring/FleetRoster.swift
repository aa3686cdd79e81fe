import ExporterConfiguration
import Patroni
import ReplicationModel

/// Which targets there are, who is which member of Patroni, and what is expected of each. Pure: what Patroni said comes in from outside.
struct FleetRoster: Sendable {
    /// A target, and where it is.
    struct Entry: Sendable, Hashable {
        var target: TargetConfiguration
        /// nil: where the connection string says.
        var address: ServerAddress?
    }

    /// What a report gets that the server itself does not know.
    struct Annotation: Sendable, Hashable {
        var expectations: Expectations
        var membership: TargetReport.Membership?
    }

    /// A member that Patroni does not list any more stays a target for this long: that it is gone is worth an alert, and `up 0` is one.
    static let memberRetention = 3600.0

    /// The problem of a REST interface before the first poll.
    static let notAskedYet = "not asked yet"

    private let configured: [Entry]
    private let configuredAddresses: [String: [ServerAddress]]
    private let patroni: [PatroniConfiguration]
    /// In the order of the configuration.
    private(set) var clusters: [PatroniCluster]
    /// The members that are targets of their own, in the order in which Patroni listed them.
    private var members: [Member] = []
    /// The physical cluster that each target was last seen to belong to.
    private var systems: [String: String] = [:]
    private(set) var annotations: [String: Annotation] = [:]

    private struct Member: Sendable {
        var entry: Entry
        var membership: TargetReport.Membership
        /// Unix time.
        var lastListed: Double
    }

    /// - Parameter addresses: where the configured targets' connection strings lead.
    init(_ configuration: Configuration, addresses: [String: [ServerAddress]]) {
        configured = configuration.targets.map { Entry(target: $0, address: nil) }
        configuredAddresses = addresses
        patroni = configuration.patroni
        clusters = configuration.patroni.map { cluster in
            PatroniCluster(name: cluster.name, labels: cluster.labels, endpoints: cluster.urls.map { .init(url: $0, problem: Self.notAskedYet) })
        }
        annotate()
    }

    /// Every target: the configured ones, then the members found, cluster by cluster.
    var entries: [Entry] {
        configured + clusters.flatMap { cluster in members.filter { $0.membership.cluster == cluster.name }.map(\.entry) }
    }

    /// Takes in what Patroni said of a cluster.
    /// - Parameter now: Unix time by the exporter's clock.
    mutating func update(_ cluster: PatroniCluster, at now: Double) {
        guard let index = clusters.firstIndex(where: { $0.name == cluster.name }) else { return }
        clusters[index] = cluster
        for member in cluster.members { list(member, of: patroni[index], at: now) }
        let listed = Set(cluster.members.map(\.name))
        members.removeAll {
            $0.membership.cluster == cluster.name && !listed.contains($0.membership.member) && now - $0.lastListed > Self.memberRetention
        }
        annotate()
    }

    /// Learns which physical cluster a target belongs to.
    mutating func note(_ systemIdentifier: String, of target: String) {
        guard systems.updateValue(systemIdentifier, forKey: target) != systemIdentifier, !patroni.isEmpty else { return }
        annotate()
    }

    private mutating func list(_ member: PatroniMember, of cluster: PatroniConfiguration, at now: Double) {
        guard let address = member.address else { return }
        let membership = TargetReport.Membership(cluster: cluster.name, member: member.name)
        let known = members.firstIndex { $0.membership == membership }
        guard configuredTarget(at: address) == nil else {
            // It is a target already, by its own name.
            if let known { members.remove(at: known) }
            return
        }
        let entry = Entry(target: cluster.target(member: member.name, dsn: cluster.dsn), address: address)
        if let known {
            members[known].entry = entry
            members[known].lastListed = now
        } else {
            members.append(Member(entry: entry, membership: membership, lastListed: now))
        }
    }

    private func configuredTarget(at address: ServerAddress) -> TargetConfiguration? {
        configured.first { configuredAddresses[$0.target.name, default: []].contains(address) }?.target
    }

    // MARK: - What is expected of whom

    private mutating func annotate() {
        var annotations: [String: Annotation] = [:]
        for entry in configured { annotations[entry.target.name] = Annotation(expectations: Expectations(entry.target.expectations)) }
        for (cluster, configuration) in zip(clusters, patroni) {
            for (target, membership) in targets(of: cluster) {
                var annotation = annotations[target] ?? Annotation(expectations: Expectations())
                annotation.membership = membership
                annotation.expectations.add(Expectations(configuration.expectations))
                annotation.expectations.add(PatroniExpectations.expectations(of: membership.member, in: cluster))
                annotations[target] = annotation
            }
        }
        let upstream = PatroniExpectations.upstream(of: clusters)
        for (target, annotation) in annotations {
            guard let slots = annotation.membership.flatMap({ upstream.slots[$0.cluster] }) else { continue }
            annotations[target]?.expectations.add(Expectations(slots: slots))
        }
        for slot in upstream.unresolved {
            for target in upstreamTargets(of: slot.cluster, annotations) {
                annotations[target]?.expectations.add(Expectations(slots: [slot.expectation]))
            }
        }
        self.annotations = annotations
    }

    /// The targets that are members of a cluster, listed now or not long ago.
    private func targets(of cluster: PatroniCluster) -> [(target: String, membership: TargetReport.Membership)] {
        let adopted = cluster.members.compactMap { member in
            member.address.flatMap(configuredTarget).map {
                (target: $0.name, membership: TargetReport.Membership(cluster: cluster.name, member: member.name))
            }
        }
        return adopted + members.filter { $0.membership.cluster == cluster.name }.map { ($0.entry.target.name, $0.membership) }
    }

    /// The targets that a standby cluster may follow whose upstream address is nobody's own, as with a VIP: those of the same physical
    /// cluster. Addresses that may lead to any of them are left out where their own targets are known, for one fault is told once.
    private func upstreamTargets(of cluster: String, _ annotations: [String: Annotation]) -> [String] {
        func isInside(_ target: String) -> Bool { annotations[target]?.membership?.cluster == cluster }
        let followed = Set(systems.filter { isInside($0.key) }.values)
        let others = systems.filter { followed.contains($0.value) && !isInside($0.key) }.map(\.key)
        let members = others.filter { annotations[$0]?.membership != nil }
        return members.isEmpty ? others : members
    }
}
