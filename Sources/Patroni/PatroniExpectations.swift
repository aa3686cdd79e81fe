package import ReplicationModel

/// What a Patroni cluster relies on, derived from its own picture of itself.
///
/// Scopes make a change of the leader harmless: what only the leader must have is expected of every member, for the time when it is a
/// primary by its own words, whatever the last poll of Patroni knew.
package enum PatroniExpectations {
    /// The first version that keeps permanent physical slots on replicas too.
    static let permanentSlotsOnReplicas = PatroniCluster.Version(major: 3, minor: 2)

    /// The slots and standbys that a member should have, all with source `patroni`; none for a member that is not known to run.
    /// `upstream` are those that a standby cluster relies on, of ``upstream(of:)``. No role is expected: Patroni itself moves it.
    package static func expectations(of member: String, in cluster: PatroniCluster, adding upstream: [ExpectedSlot] = []) -> Expectations {
        guard let member = cluster.members.first(where: { $0.name == member }), member.isRunning else { return Expectations() }
        let receivers = receivers(of: member, in: cluster)
        var slots: [ExpectedSlot] = []
        // Without the settings nobody knows whether there are slots at all.
        if let settings = cluster.settings, settings.usesSlots {
            slots += receivers.map { slot(PatroniSlotName.derived(from: $0.member.name), .physical, $0.scope) }
            slots += permanentSlots(of: member, in: cluster, settings)
        }
        let standbys = receivers.compactMap { receiver in
            MemberNames.applicationName(of: receiver.member.name)
                .map { ExpectedStandby(applicationName: $0, scope: receiver.scope, source: .patroni) }
        }
        return Expectations(slots: unique(slots + upstream), standbys: unique(standbys))
    }

    /// Another member that streams from this one, or does so once this one leads.
    private struct Receiver {
        var member: PatroniMember
        var scope: ExpectationScope
    }

    private static func receivers(of member: PatroniMember, in cluster: PatroniCluster) -> [Receiver] {
        cluster.members.compactMap { other in
            // The leader streams from nobody here. After a change of the leader it is expected as soon as Patroni tells that it runs again.
            guard other.name != member.name, other.isRunning, !other.isLeader, !other.isNotStreaming else { return nil }
            if let source = other.replicatesFrom, cluster.members.contains(where: { $0.name == source }) {
                return source == member.name ? Receiver(member: other, scope: .any) : nil
            }
            guard cluster.isStandbyCluster else { return Receiver(member: other, scope: .primary) }
            return member.isStandbyLeader ? Receiver(member: other, scope: .any) : nil
        }
    }

    private static func permanentSlots(of member: PatroniMember, in cluster: PatroniCluster, _ settings: PatroniSettings) -> [ExpectedSlot] {
        guard !member.isExcludedFromFailover else { return [] }
        let memberSlots = Set(cluster.members.map { PatroniSlotName.derived(from: $0.name) })
        return settings.permanentSlots.compactMap { permanent in
            switch permanent.type {
            case .physical:
                // Nobody needs a slot for itself.
                guard permanent.name != PatroniSlotName.derived(from: member.name), isMeant(permanent, for: cluster) else { return nil }
                return scope(ofPhysicalSlotsAt: member, in: cluster).map { slot(permanent.name, .physical, $0) }
            case .logical:
                // A member's slot of the same name wins. On replicas Patroni makes them by copying files and a restart, which may be
                // far in the future; standby clusters have none.
                guard !memberSlots.contains(permanent.name), !cluster.isStandbyCluster else { return nil }
                return slot(permanent.name, .logical, .primary)
            }
        }
    }

    private static func isMeant(_ slot: PatroniSettings.PermanentSlot, for cluster: PatroniCluster) -> Bool {
        switch slot.clusterType {
        case "primary": !cluster.isStandbyCluster
        case "standby": cluster.isStandbyCluster
        default: true
        }
    }

    /// nil: none is expected there.
    private static func scope(ofPhysicalSlotsAt member: PatroniMember, in cluster: PatroniCluster) -> ExpectationScope? {
        if member.isStandbyLeader { return .any }
        if let version = cluster.version, version >= permanentSlotsOnReplicas, !member.isNotStreaming { return .any }
        return cluster.isStandbyCluster ? nil : .primary
    }

    static func slot(_ name: String, _ type: Slot.SlotType, _ scope: ExpectationScope) -> ExpectedSlot {
        ExpectedSlot(name: name, type: type, scope: scope, source: .patroni)
    }

    /// One expectation for each name, of the wider scope.
    private static func unique(_ slots: [ExpectedSlot]) -> [ExpectedSlot] {
        var found: [String: ExpectedSlot] = [:]
        for slot in slots where found[slot.name] == nil || slot.scope == .any { found[slot.name] = slot }
        return found.values.sorted { $0.name < $1.name }
    }

    private static func unique(_ standbys: [ExpectedStandby]) -> [ExpectedStandby] {
        var found: [String: ExpectedStandby] = [:]
        for standby in standbys where found[standby.applicationName] == nil || standby.scope == .any { found[standby.applicationName] = standby }
        return found.values.sorted { $0.applicationName < $1.applicationName }
    }
}
