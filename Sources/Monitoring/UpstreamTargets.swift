import Patroni
import ReplicationModel

/// At which targets the slots of standby clusters are expected: at the members of the cluster that a standby cluster follows by its address,
/// or, where that address is nobody's own, as with a VIP, at the targets of the same physical cluster.
struct UpstreamTargets: Sendable {
    /// Of each cluster, what others need at its members.
    private var slots: [String: [ExpectedSlot]] = [:]
    /// Of each standby cluster whose upstream's address is nobody's own, what it needs.
    private var unresolved: [String: ExpectedSlot] = [:]
    /// Which clusters' answers are not looked at yet.
    private var pending: [PatroniCluster]?
    /// The physical cluster that each target was last seen to belong to.
    private var systems: [String: String] = [:]
    /// The Patroni cluster that each target is a member of.
    private var memberships: [String: String] = [:]
    /// How many targets each Patroni cluster has in each physical cluster.
    private var counts: [String: [String: Int]] = [:]

    /// Follows what Patroni says. What follows from it is found when it is asked for: after a start, many answers come at once.
    mutating func clusters(_ clusters: [PatroniCluster]) {
        pending = clusters
    }

    /// Learns which Patroni cluster a target is a member of; nil: none.
    mutating func place(_ target: String, in cluster: String?) {
        guard memberships[target] != cluster else { return }
        count(target, -1)
        memberships[target] = cluster
        count(target, 1)
    }

    /// Learns which physical cluster a target belongs to.
    mutating func note(_ system: String, of target: String) {
        guard systems[target] != system else { return }
        count(target, -1)
        systems[target] = system
        count(target, 1)
    }

    /// Takes over which physical clusters these targets belong to.
    mutating func learn(from former: Self, of targets: some Sequence<String>) {
        for target in targets {
            if let system = former.systems[target] { note(system, of: target) }
        }
    }

    /// Forgets a target that is one no more.
    mutating func forget(_ target: String) {
        place(target, in: nil)
        systems[target] = nil
    }

    /// What standby clusters need at a target.
    mutating func slots(expectedOf target: String) -> [ExpectedSlot] {
        if let clusters = pending {
            let found = PatroniExpectations.upstream(of: clusters)
            slots = found.slots
            unresolved = Dictionary(found.unresolved.map { ($0.cluster, $0.expectation) }) { first, _ in first }
            pending = nil
        }
        let own = memberships[target]
        var expected = own.flatMap { slots[$0] } ?? []
        guard !unresolved.isEmpty, let system = systems[target], let members = counts[system] else { return expected }
        for cluster in members.keys.sorted() where cluster != own {
            // Addresses that may lead to any server are left out where their own targets are known, for one fault is told once.
            guard let slot = unresolved[cluster], own != nil || members.count == 1 else { continue }
            if !expected.contains(slot) { expected.append(slot) }
        }
        return expected
    }

    private mutating func count(_ target: String, _ change: Int) {
        guard let system = systems[target], let cluster = memberships[target] else { return }
        let number = (counts[system]?[cluster] ?? 0) + change
        counts[system, default: [:]][cluster] = number > 0 ? number : nil
        if counts[system]?.isEmpty == true { counts[system] = nil }
    }
}
