package import ReplicationModel

/// The slot that a standby cluster needs at its upstream.
package struct StandbyClusterSlot: Sendable, Hashable {
    /// The standby cluster's configured name.
    package var cluster: String
    /// `primary_slot_name`, as PostgreSQL gets it.
    package var slotName: String
    /// `host` and `port` of `standby_cluster`: the members of the upstream cluster, or one address that moves with its leader.
    package var upstream: [ServerAddress]

    package init(cluster: String, slotName: String, upstream: [ServerAddress]) {
        self.cluster = cluster
        self.slotName = slotName
        self.upstream = upstream
    }

    /// As what it is expected of each possible primary of the upstream.
    package var expectation: ExpectedSlot { PatroniExpectations.slot(slotName, .physical, .primary) }
}

/// The slots that standby clusters need, by the cluster that must have them.
package struct UpstreamExpectations: Sendable, Hashable {
    /// By the upstream cluster's configured name: for each of its members.
    package var slots: [String: [ExpectedSlot]]
    /// Those whose addresses are no member's of a known cluster: a virtual address, a proxy, a server without Patroni.
    package var unresolved: [StandbyClusterSlot]
}

extension PatroniExpectations {
    /// The slot that a cluster needs at its upstream; nil when it is no standby cluster, or uses no slot.
    package static func standbyClusterSlot(of cluster: PatroniCluster) -> StandbyClusterSlot? {
        guard cluster.isStandbyCluster, let settings = cluster.settings, settings.usesSlots, let standby = settings.standbyCluster,
            let slotName = standby.slotName
        else { return nil }
        // Patroni makes a valid name of it in the same way as of a member's.
        return StandbyClusterSlot(cluster: cluster.name, slotName: PatroniSlotName.derived(from: slotName), upstream: standby.addresses)
    }

    /// Finds the upstream of each standby cluster among the other clusters, by the addresses of their members.
    package static func upstream(of clusters: [PatroniCluster]) -> UpstreamExpectations {
        var result = UpstreamExpectations(slots: [:], unresolved: [])
        let slots = clusters.compactMap(standbyClusterSlot)
        guard !slots.isEmpty else { return result }
        var clustersByAddress: [ServerAddress: Set<String>] = [:]
        for cluster in clusters {
            for address in cluster.members.flatMap(\.addresses) { clustersByAddress[address.normalized, default: []].insert(cluster.name) }
        }
        for slot in slots {
            let matches = Set(slot.upstream.flatMap { clustersByAddress[$0.normalized] ?? [] }).subtracting([slot.cluster])
            if matches.isEmpty { result.unresolved.append(slot) }
            for cluster in matches where result.slots[cluster]?.contains(slot.expectation) != true {
                result.slots[cluster, default: []].append(slot.expectation)
            }
        }
        return result
    }
}
